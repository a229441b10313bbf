using ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;
using ModelMigrate.Benchmarks.Rollouts.Baselines.Statistics;
using ModelMigrate.Benchmarks.Rollouts.Traffic;
using ModelMigrate.Core.Judging.Display;

namespace ModelMigrate.Benchmarks.Rollouts.Baselines;

/// <summary>
/// Asymptotic confidence sequences (Waudby-Smith et al., arXiv 2103.06476) as experiment platforms run them: every minute, one-sided,
/// α 0.05 divided over what is compared. Pooled: all requests of an arm in one heap. Stratified: minute by minute.
/// </summary>
internal sealed class AsymptoticRule(bool stratified) : Baseline
{
    private const double Alpha = 0.05;

    private readonly ArmSlice _source = new();
    private readonly ArmSlice _target = new();

    public override string Name => stratified ? "asymptotic-strata" : "asymptotic-pooled";

    public override int Detect(SliceTable table, ExtraMetrics extra)
    {
        var compared = Compared(extra).ToArray();
        var best = -1;
        foreach (var (channel, worse) in compared)
        {
            var found = Detect(table, channel, worse, Alpha / compared.Length);
            best = found >= 0 && (best < 0 || found < best) ? found : best;
        }

        return best;
    }

    private int Detect(SliceTable table, Channel channel, int worse, double alpha)
    {
        var strata = new Difference(channel);
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

            strata.Add(_target[channel], _source[channel]);
            var difference = strata;
            if (stratified)
            {
                _source.Clear();
                _target.Clear();
            }
            else
            {
                difference = new Difference(channel);
                difference.Add(_target[channel], _source[channel]);
            }

            var n = difference.Requests;
            var half = AsymptoticSequence.OneSided(difference.StandardError * Math.Sqrt(n), n, alpha);
            if ((worse * difference.Estimate) - half > 0)
            {
                return i;
            }
        }

        return -1;
    }
}
