using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Core.Plans.Growing;

/// <summary>
/// The promotion evidence of each required gate as requests come in: the same mixtures that the judge computes, at expected counts, or
/// with every bet some standard deviations below its expectation. Owned by one forecast.
/// </summary>
internal sealed class GateGrowth
{
    /// <summary>Beyond this a step is called unreachable.</summary>
    public const double MostRequests = 1e9;

    private readonly List<Gate> _gates;
    private readonly Traffic _traffic;
    private readonly Question _question;
    private readonly double _needed;
    private readonly double _deviations;
    private double _sourceRequests;

    /// <param name="spec">What is to run.</param>
    /// <param name="traffic">What the route's traffic is like.</param>
    /// <param name="question">How the target differs.</param>
    /// <param name="deviations">Standard deviations below the expectation: 0 for the median, 1.28 for nine of ten.</param>
    public GateGrowth(RolloutSpec spec, Traffic traffic, Question question, double deviations)
    {
        (_traffic, _question, _deviations) = (traffic, question, deviations);
        _needed = -Math.Log(spec.PromoteAlpha);
        double[] factors = [.. spec.Steps.Select(step => step.MarginFactor).Append(1).Distinct()];
        _gates = [.. spec.Gates.Where(gate => gate.Required && BetRates.IsKnown(gate.Metric)).Select(gate => new Gate(gate, factors.ToDictionary(
            factor => factor, _ => (new double[BetRates.PromoteSize], new double[BetRates.PromoteSize]))))];
    }

    public double Requests { get; private set; }

    public double TargetRequests { get; private set; }

    /// <summary>Requests of the route at this weight until every required gate passes, or null when that takes more than <see cref="MostRequests"/>.</summary>
    public double? RequestsUntilPass(double weight, double factor, out string slowest)
    {
        slowest = _gates.Count > 0 ? _gates[0].Spec.Name : "";
        var most = 0.0;
        foreach (var gate in _gates)
        {
            if (Solve(gate, weight, factor) is not { } requests)
            {
                slowest = gate.Spec.Name;
                return null;
            }

            if (requests > most)
            {
                most = requests;
                slowest = gate.Spec.Name;
            }
        }

        return most;
    }

    /// <summary>Gathers what that many requests at this weight bring.</summary>
    public void Advance(double weight, double requests)
    {
        Span<double> means = stackalloc double[BetRates.PromoteSize];
        Span<double> variances = stackalloc double[BetRates.PromoteSize];
        foreach (var gate in _gates)
        {
            var counted = requests - Freezing(gate, weight, requests);
            foreach (var (factor, (mean, variance)) in gate.Gathered)
            {
                means.Clear();
                variances.Clear();
                _ = new BetRates(_traffic, _question, weight, means, variances).Promotion(gate.Spec, factor);
                for (var j = 0; j < mean.Length; j++)
                {
                    mean[j] += counted * means[j];
                    variance[j] += counted * variances[j];
                }
            }
        }

        _sourceRequests += (1 - weight) * requests;
        Requests += requests;
        TargetRequests += weight * requests;
    }

    // Once above what is needed the evidence stays there, so halving finds the place.
    private double? Solve(Gate gate, double weight, double factor)
    {
        if (Evidence(gate, weight, factor, 0) >= _needed)
        {
            return 0;
        }

        var high = 16.0;
        while (!(Evidence(gate, weight, factor, high) >= _needed))
        {
            high *= 2;
            if (high > MostRequests)
            {
                return null;
            }
        }

        var low = high / 2;
        for (var i = 0; i < 40; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Evidence(gate, weight, factor, middle) < _needed ? (middle, high) : (low, middle);
        }

        return high;
    }

    private double Evidence(Gate gate, double weight, double factor, double requests)
    {
        Span<double> means = stackalloc double[BetRates.PromoteSize];
        Span<double> variances = stackalloc double[BetRates.PromoteSize];
        var size = new BetRates(_traffic, _question, weight, means, variances).Promotion(gate.Spec, factor);
        if (size == 0)
        {
            return double.NegativeInfinity;
        }

        var counted = requests - Freezing(gate, weight, requests);
        var (mean, variance) = gate.Gathered[factor];
        for (var j = 0; j < size; j++)
        {
            means[j] = mean[j] + (counted * means[j]) - (_deviations * Math.Sqrt(variance[j] + (counted * variances[j])));
        }

        return LogMath.Sum(means[..size]) - Math.Log(size);
    }

    /// <summary>Requests of these that pass before the source's quantiles are frozen, and that no latency gate counts.</summary>
    private double Freezing(Gate gate, double weight, double requests) => BetRates.ExceedanceOf(gate.Spec.Metric) is null
        ? 0
        : Math.Min(requests, Math.Max(0, QuantileSample - _sourceRequests) / (1 - weight));

    /// <summary>Source requests that the judge freezes latency quantiles from before it counts exceedances.</summary>
    internal const double QuantileSample = 100;

    /// <summary>A gate and, at each margin factor, what its bets have gathered: means and variances of their logarithms.</summary>
    private sealed record Gate(GateSpec Spec, Dictionary<double, (double[] Mean, double[] Variance)> Gathered);
}
