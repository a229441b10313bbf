using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Observing;

namespace ModelMigrate.Core.Judging;

/// <summary>What one judge is to judge: one migration's gates in one evidence epoch, with the error budgets it may spend.</summary>
public sealed record JudgeSpec
{
    /// <summary>Sum of 1/k² over all k is π²/6: with these weights every epoch has its share and all of them together spend α.</summary>
    private const double EpochScale = 6 / (Math.PI * Math.PI);

    public required MigrationId Migration { get; init; }

    public required int Attempt { get; init; }

    /// <summary>1 for the first process, one more after each reset.</summary>
    public int Epoch { get; init; } = 1;

    public required IReadOnlyList<GateSpec> Gates { get; init; }

    public IReadOnlyList<HardStopSpec> HardStops { get; init; } = [];

    /// <summary>α of the harm tests, over the whole migration.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>α of each gate's promotion test.</summary>
    public double PromoteAlpha { get; init; } = 0.05;

    /// <summary>The margin factors of the steps; 1, the final one, is always judged.</summary>
    public IReadOnlyList<double> MarginFactors { get; init; } = [1];

    /// <summary>How many blocks the migration is expected to take; late harm is found fastest within it. Default 3600.</summary>
    public int PlannedBlocks { get; init; } = 3600;

    /// <summary>The target's share while the promotion is watched, in parts per million: blocks at it also go into the watch test.</summary>
    public int WatchWeightPpm { get; init; }

    /// <summary>How many blocks the watch is planned to take at most; 0 for no watch test.</summary>
    public int WatchBlocks { get; init; }

    /// <summary>The share of each gate's α that its watch test spends; the harm test over the whole migration has the rest.</summary>
    public double WatchShare { get; init; }

    /// <summary>The share of α that this epoch's harm tests spend: α·6/(π²k²).</summary>
    public double EpochAlpha => Alpha * EpochScale / ((double)Epoch * Epoch);

    /// <summary>What one gate's harm test spends of <see cref="EpochAlpha"/>; not a number when a share is not positive.</summary>
    public double HarmAlpha(GateSpec gate) => GateAlpha(gate) * (Watches(gate) ? 1 - WatchShare : 1);

    /// <summary>What one gate's watch test spends.</summary>
    public double WatchAlpha(GateSpec gate) => Watches(gate) ? GateAlpha(gate) * WatchShare : 0;

    /// <summary>Whether a gate has a watch test. Who won how many pairs is one count from the first pair on, and knows no beginning of harm.</summary>
    public bool Watches(GateSpec gate) => WatchBlocks > 0 && WatchShare > 0 && gate.Metric != Metric.Preference;

    /// <summary>As <see cref="MetricTraits.MarginAt"/>.</summary>
    public static double MarginAt(GateSpec gate, double factor) => MetricTraits.MarginAt(gate, factor);

    private double GateAlpha(GateSpec gate)
    {
        var sum = 0.0;
        foreach (var each in Gates)
        {
            sum += each.AlphaShare > 0 ? each.AlphaShare : double.NaN;
        }

        return EpochAlpha * gate.AlphaShare / sum;
    }
}
