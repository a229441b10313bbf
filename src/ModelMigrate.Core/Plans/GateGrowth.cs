using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Judging.Promotion;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Core.Plans;

/// <summary>
/// The expected promotion evidence of each required gate as requests come in, for a target equal to the source: the same mixtures
/// that the judge computes, at expected counts. Every rate is taken to be the error rate; gates on scores are left out, because what they
/// need depends on how the scores spread. Owned by one forecast.
/// </summary>
internal sealed class GateGrowth
{
    /// <summary>Beyond this a step is called unreachable.</summary>
    public const double MostRequests = 1e9;

    /// <summary>Source requests that the judge freezes latency quantiles from before it counts exceedances.</summary>
    private const double QuantileSample = 100;

    private readonly List<GateSpec> _gates;
    private readonly double _needed;
    private readonly double _oneSided;

    // What has been gathered: matched pairs, and for each gate and margin factor the logarithms of its bets.
    private readonly Dictionary<(string Gate, double Factor), double[]> _logs = [];
    private readonly double[] _factors;
    private double _pairs;
    private double _sourceRequests;

    public GateGrowth(RolloutSpec spec, double errorRate)
    {
        _gates = [.. spec.Gates.Where(gate => gate.Required && !Metrics.IsPaired(gate.Metric))];
        _needed = -Math.Log(spec.PromoteAlpha);
        _oneSided = errorRate * (1 - errorRate);
        _factors = [.. spec.Steps.Select(step => step.MarginFactor).Append(1).Distinct()];
        foreach (var gate in _gates.Where(gate => Metrics.IsLatency(gate.Metric)))
        {
            foreach (var factor in _factors)
            {
                _logs[(gate.Name, factor)] = new double[RatioGrid.PromoteSize];
            }
        }
    }

    public double Requests { get; private set; }

    public double TargetRequests { get; private set; }

    /// <summary>Requests of the route at this weight until every required gate passes, or null when that takes more than <see cref="MostRequests"/>.</summary>
    public double? RequestsUntilPass(double weight, double factor, out string slowest)
    {
        slowest = _gates.Count > 0 ? _gates[0].Name : "";
        var most = 0.0;
        foreach (var gate in _gates)
        {
            if (Solve(gate, weight, factor) is not { } requests)
            {
                slowest = gate.Name;
                return null;
            }

            if (requests > most)
            {
                most = requests;
                slowest = gate.Name;
            }
        }

        return most;
    }

    /// <summary>Gathers what that many requests at this weight bring.</summary>
    public void Advance(double weight, double requests)
    {
        foreach (var gate in _gates.Where(gate => Metrics.IsLatency(gate.Metric)))
        {
            foreach (var factor in _factors)
            {
                var logs = _logs[(gate.Name, factor)];
                Add(logs, gate, weight, factor, requests);
            }
        }

        _pairs += Pairs(weight, requests);
        _sourceRequests += (1 - weight) * requests;
        Requests += requests;
        TargetRequests += weight * requests;
    }

    // The evidence is convex in the number of requests: once above what is needed it stays there, so halving finds the place.
    private double? Solve(GateSpec gate, double weight, double factor)
    {
        if (Evidence(gate, weight, factor, 0) >= _needed)
        {
            return 0;
        }

        var high = 16.0;
        while (Evidence(gate, weight, factor, high) < _needed)
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

    private double Evidence(GateSpec gate, double weight, double factor, double requests)
    {
        if (Metrics.IsRate(gate.Metric))
        {
            var pairs = _pairs + Pairs(weight, requests);
            var log = PairedBetting.Log(pairs * _oneSided, pairs * (1 - (2 * _oneSided)), pairs * _oneSided, JudgeSpec.MarginAt(gate, factor));
            return double.IsNaN(log) ? double.NegativeInfinity : log;
        }

        var logs = (double[])_logs[(gate.Name, factor)].Clone();
        Add(logs, gate, weight, factor, requests);
        return LogMath.Sum(logs) - Math.Log(logs.Length);
    }

    private void Add(double[] logs, GateSpec gate, double weight, double factor, double requests)
    {
        var freezing = Math.Max(0, QuantileSample - _sourceRequests) / (1 - weight);
        var events = Math.Max(0, requests - freezing) * ExceedanceShare(gate.Metric);
        Span<double> perTarget = stackalloc double[RatioGrid.PromoteSize];
        Span<double> perSource = stackalloc double[RatioGrid.PromoteSize];
        RatioGrid.Steps(weight, JudgeSpec.MarginAt(gate, factor), RatioGrid.PromoteLogs, perTarget, perSource);
        for (var i = 0; i < logs.Length; i++)
        {
            logs[i] += events * ((weight * perTarget[i]) + ((1 - weight) * perSource[i]));
        }
    }

    // A pair takes one request of each arm from the same block.
    private static double Pairs(double weight, double requests) => Math.Min(weight, 1 - weight) * requests;

    private static double ExceedanceShare(Metric metric) => metric switch
    {
        Metric.LatencyP50 or Metric.FirstTokenP50 => 0.5,
        Metric.LatencyP95 or Metric.FirstTokenP95 => 0.05,
        _ => 0.1,
    };
}
