using ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;
using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Baselines;

/// <summary>
/// What a careful engineer without a statistician writes: every minute a two-proportion z-test of all failures so far and a Welch t-test
/// of everything else, each at 5 %, as if it were looked at once.
/// </summary>
internal sealed class NaiveTests : Baseline
{
    private const double Critical = 1.959963984540054, LeastFailures = 5, LeastRequests = 30;

    private readonly ArmSlice _source = new();
    private readonly ArmSlice _target = new();

    public override string Name => "naive-tests";

    public override int Detect(SliceTable table, ExtraMetrics extra)
    {
        _source.Clear();
        _target.Clear();
        for (var i = 0; i < SliceTable.Count; i++)
        {
            _source.Add(table.Source[i]);
            _target.Add(table.Target[i]);
            if ((i + 1) % SliceTable.PerMinute != 0)
            {
                continue;
            }

            foreach (var (channel, worse) in Compared(extra))
            {
                var z = channel == Channel.Errors ? Proportions(_target[channel], _source[channel]) : worse * Welch(_target[channel], _source[channel]);
                if (z > Critical)
                {
                    return i;
                }
            }
        }

        return -1;
    }

    /// <summary>The pooled two-proportion z; 0 with too few failures for the approximation.</summary>
    public static double Proportions(in Moments target, in Moments source)
    {
        if (target.Sum + source.Sum < LeastFailures || target.N < 1 || source.N < 1)
        {
            return 0;
        }

        var pooled = (target.Sum + source.Sum) / (target.N + source.N);
        var error = Math.Sqrt(pooled * (1 - pooled) * ((1 / target.N) + (1 / source.N)));
        return error > 0 ? (target.Mean - source.Mean) / error : 0;
    }

    /// <summary>Welch's t; 0 with too few requests for the normal approximation.</summary>
    public static double Welch(in Moments target, in Moments source)
    {
        if (target.N < LeastRequests || source.N < LeastRequests)
        {
            return 0;
        }

        var error = Math.Sqrt((target.Variance / target.N) + (source.Variance / source.N));
        return error > 0 ? (target.Mean - source.Mean) / error : 0;
    }
}
