using ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;
using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Baselines;

/// <summary>A rule that others use to decide on a rollback, written from its published description. Holds no state between repetitions but scratch memory.</summary>
internal abstract class Baseline
{
    /// <summary>Short name for tables.</summary>
    public abstract string Name { get; }

    /// <summary>The slice at whose end the rule rolls back, or −1 when it promotes.</summary>
    public abstract int Detect(SliceTable table, ExtraMetrics extra);

    /// <summary>One of each, in the order of tables and pictures. Made once a thread: they keep scratch memory.</summary>
    public static IReadOnlyList<Baseline> All() =>
    [
        new FixedRule(relative: false),
        new FixedRule(relative: true),
        new FlaggerRule(),
        new ArgoRule(),
        new KayentaRule(),
        new NaiveTests(),
        new AsymptoticRule(stratified: false),
        new AsymptoticRule(stratified: true),
        new GroupSequentialRule(),
    ];

    /// <summary>What a method that compares arms statistically looks at: errors and total latency, and what the scenario measures besides. The sign says which way is worse.</summary>
    protected static IEnumerable<(Channel Channel, int Worse)> Compared(ExtraMetrics extra)
    {
        yield return (Channel.Errors, 1);
        yield return (Channel.LogTotal, 1);
        if (extra.HasFlag(ExtraMetrics.FirstToken))
        {
            yield return (Channel.LogFirst, 1);
        }

        if (extra.HasFlag(ExtraMetrics.Quality))
        {
            yield return (Channel.Quality, -1);
        }

        if (extra.HasFlag(ExtraMetrics.Cost))
        {
            yield return (Channel.Cost, 1);
        }
    }
}
