using System.Collections.Concurrent;
using ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;
using ModelMigrate.Benchmarks.Rollouts.Baselines.Statistics;
using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Baselines;

/// <summary>
/// A group-sequential design: ten looks, three minutes apart, planned for exactly this schedule and spending α 0.05 one-sided over what is
/// compared by <see cref="LanDeMets"/>. Stratified by minute, which its planners would have to know to do. It must know when it ends; a
/// migration that holds or pauses has no such plan.
/// </summary>
internal sealed class GroupSequentialRule : Baseline
{
    private const double Alpha = 0.05;
    private const int Looks = 10;

    private static readonly ConcurrentDictionary<int, double[]> s_boundaries = new();

    private readonly ArmSlice _source = new();
    private readonly ArmSlice _target = new();

    public override string Name => "group-sequential";

    public override int Detect(SliceTable table, ExtraMetrics extra)
    {
        var compared = Compared(extra).ToArray();
        var boundaries = s_boundaries.GetOrAdd(compared.Length, static n => LanDeMets.Boundaries(Alpha / n, Fractions()));
        var best = -1;
        foreach (var (channel, worse) in compared)
        {
            var found = Detect(table, channel, worse, boundaries);
            best = found >= 0 && (best < 0 || found < best) ? found : best;
        }

        return best;
    }

    /// <summary>The planned share of the information at each look: Σ w(1 − w) over the schedule.</summary>
    private static double[] Fractions()
    {
        var fractions = new double[Looks];
        var information = 0.0;
        for (var look = 0; look < Looks; look++)
        {
            for (var second = look * Schedule.Horizon / Looks; second < (look + 1) * Schedule.Horizon / Looks; second++)
            {
                var weight = Schedule.WeightAt(second) / 1e6;
                information += weight * (1 - weight);
            }

            fractions[look] = information;
        }

        return [.. fractions.Select(f => f / information)];
    }

    private int Detect(SliceTable table, Channel channel, int worse, double[] boundaries)
    {
        var difference = new Difference(channel);
        _source.Clear();
        _target.Clear();
        for (var i = 0; i < SliceTable.Count; i++)
        {
            _source.Add(table.Source[i]);
            _target.Add(table.Target[i]);
            if ((i + 1) % SliceTable.PerMinute == 0)
            {
                difference.Add(_target[channel], _source[channel]);
                _source.Clear();
                _target.Clear();
            }

            if ((i + 1) % (SliceTable.Count / Looks) == 0
                && worse * difference.Estimate / difference.StandardError > boundaries[((i + 1) * Looks / SliceTable.Count) - 1])
            {
                return i;
            }
        }

        return -1;
    }
}
