using System.Runtime.InteropServices;
using ModelMigrate.Benchmarks.Rollouts.Baselines;
using ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;
using ModelMigrate.Benchmarks.Rollouts.Judged;
using ModelMigrate.Benchmarks.Rollouts.Results;
using ModelMigrate.Benchmarks.Rollouts.Traffic;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Benchmarks.Rollouts;

/// <summary>Runs one repetition after the other through every method, on memory that it keeps. One a thread.</summary>
internal sealed class Workbench
{
    /// <summary>The product, and what it would do without the defences against single keys.</summary>
    public const string Ours = "model-migrate", OursPlain = "ours-no-key-defence";

    private readonly TrafficStream _traffic = new();
    private readonly SliceTable _table = new();
    private readonly IReadOnlyList<Baseline> _baselines = Baseline.All();

    /// <summary>Every method's name, in the order of the results.</summary>
    public static IReadOnlyList<string> Methods { get; } = [.. Baseline.All().Select(b => b.Name), OursPlain, Ours];

    /// <summary>Runs a repetition. Puts a trial a method into <paramref name="trials"/>.</summary>
    public void Run(Scenario scenario, double rate, uint seed, Func<RolloutSpec, RolloutSpec> configure, Span<Trial> trials)
    {
        _traffic.Begin(scenario, rate, seed);
        _traffic.EnsureUntil(Schedule.Horizon);
        FillTable(scenario);
        var scheduled = _table.ExposedBy(SliceTable.Count - 1);
        for (var i = 0; i < _baselines.Count; i++)
        {
            var slice = _baselines[i].Detect(_table, scenario.Extra);
            trials[i] = slice < 0
                ? Trial.Promoted(Schedule.Horizon, scheduled)
                : Trial.RolledBack((slice + 1) * SliceTable.Length, _table.ExposedBy(slice), _table.ExposedBy(slice));
        }

        var (judged, without) = JudgedRun.Run(scenario, _traffic, configure(JudgedSpec.For(scenario, seed)));
        trials[_baselines.Count] = without;
        trials[_baselines.Count + 1] = judged;
    }

    private void FillTable(Scenario scenario)
    {
        _table.Clear();
        foreach (ref readonly var arrival in CollectionsMarshal.AsSpan(_traffic.Arrivals))
        {
            if (arrival.At >= Schedule.Horizon)
            {
                break;
            }

            var isTarget = _traffic.BucketOf(arrival.Key) < Schedule.WeightAt(arrival.At);
            if (isTarget)
            {
                _table.Admit(arrival.At);
            }

            if ((arrival.At > scenario.GapFrom && arrival.At < scenario.GapTo) || (isTarget && arrival.Pipeline < scenario.LostOnTarget))
            {
                continue;
            }

            var answer = Answering.Serve(arrival, isTarget ? scenario.Target : scenario.Source);
            var isLate = arrival.Pipeline >= scenario.Disorder && arrival.Pipeline < 2 * scenario.Disorder;
            var at = arrival.At + answer.Latency + (isLate ? Scenario.Late : 0);
            _table.End(isTarget, at, answer);
            if (arrival.Pipeline < scenario.Disorder)
            {
                _table.End(isTarget, at, answer);
            }
        }

        _table.Complete();
    }
}
