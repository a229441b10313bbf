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

    /// <summary>The share of α that this epoch's harm tests spend: α·6/(π²k²).</summary>
    public double EpochAlpha => Alpha * EpochScale / ((double)Epoch * Epoch);

    /// <summary>The share of <see cref="EpochAlpha"/> that one gate's harm test spends; not a number when a share is not positive.</summary>
    public double HarmAlpha(GateSpec gate)
    {
        var sum = 0.0;
        foreach (var each in Gates)
        {
            sum += each.AlphaShare > 0 ? each.AlphaShare : double.NaN;
        }

        return EpochAlpha * gate.AlphaShare / sum;
    }

    /// <summary>As <see cref="MetricTraits.MarginAt"/>.</summary>
    public static double MarginAt(GateSpec gate, double factor) => MetricTraits.MarginAt(gate, factor);
}
