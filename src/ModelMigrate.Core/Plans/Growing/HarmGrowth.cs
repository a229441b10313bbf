using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Core.Plans.Growing;

/// <summary>
/// When the harm evidence of any gate is expected to cross, along a schedule of weights: the judge's mixtures at expected counts, with half of
/// the bet placed on the beginning and without the last event of one key. Within a factor of two of the simulation where at least a
/// dozen events decide.
/// </summary>
internal sealed class HarmGrowth(RolloutSpec spec, Traffic traffic, Question question)
{
    /// <param name="steps">Weights and requests of the route at each, in order.</param>
    /// <param name="deviations">Standard deviations below the expectation: 0 for the median, 1.28 for nine of ten.</param>
    public HarmCrossing? Find(IReadOnlyList<(double Weight, double Requests)> steps, double deviations)
    {
        HarmCrossing? first = null;
        var judging = RolloutJudging.SpecFor(spec, new RolloutState { Id = spec.Id });
        foreach (var gate in spec.Gates)
        {
            if (Find(gate, -Math.Log(judging.HarmAlpha(gate)), steps, deviations) is { } crossing && (first is not { } other || crossing.Requests < other.Requests))
            {
                first = crossing;
            }
        }

        return first;
    }

    private HarmCrossing? Find(GateSpec gate, double needed, IReadOnlyList<(double Weight, double Requests)> steps, double deviations)
    {
        Span<double> means = stackalloc double[BetRates.HarmSize];
        Span<double> variances = stackalloc double[BetRates.HarmSize];
        Span<double> perEvent = stackalloc double[BetRates.HarmSize];
        var (mean, variance) = (new double[BetRates.HarmSize], new double[BetRates.HarmSize]);
        double requests = 0, exposed = 0, source = 0;
        foreach (var (weight, all) in steps)
        {
            means.Clear();
            variances.Clear();
            var size = new BetRates(traffic, question, weight, means, variances).Harm(gate, perEvent);
            if (size == 0)
            {
                return null;
            }

            var freezing = BetRates.ExceedanceOf(gate.Metric) is null ? 0 : Math.Min(all, Math.Max(0, GateGrowth.QuantileSample - source) / (1 - weight));
            if (Evidence(mean, variance, means, variances, perEvent, all - freezing, deviations, size) >= needed)
            {
                var (low, high) = (0.0, all - freezing);
                for (var i = 0; i < 60; i++)
                {
                    var middle = (low + high) / 2;
                    (low, high) = Evidence(mean, variance, means, variances, perEvent, middle, deviations, size) < needed ? (middle, high) : (low, middle);
                }

                return new HarmCrossing(gate.Name, requests + freezing + high, exposed + ((freezing + high) * weight));
            }

            for (var j = 0; j < size; j++)
            {
                mean[j] += (all - freezing) * means[j];
                variance[j] += (all - freezing) * variances[j];
            }

            requests += all;
            exposed += all * weight;
            source += all * (1 - weight);
        }

        return null;
    }

    private static double Evidence(
        double[] mean, double[] variance, ReadOnlySpan<double> means, ReadOnlySpan<double> variances, ReadOnlySpan<double> perEvent,
        double requests, double deviations, int size)
    {
        Span<double> logs = stackalloc double[BetRates.HarmSize];
        for (var j = 0; j < size; j++)
        {
            logs[j] = mean[j] + (requests * means[j]) - (deviations * Math.Sqrt(variance[j] + (requests * variances[j]))) - perEvent[j];
        }

        return LogMath.Sum(logs[..size]) - Math.Log(2 * size);
    }
}
