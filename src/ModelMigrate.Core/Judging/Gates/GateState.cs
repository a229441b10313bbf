using System.Text.Json.Serialization;
using ModelMigrate.Core.Judging.Display;
using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Judging.Promotion;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Judging.Gates;

/// <summary>Checkpoint of one gate.</summary>
public sealed record GateState
{
    public required string Name { get; init; }

    public long SourceExposures { get; init; }

    public long SourceEvents { get; init; }

    public long TargetExposures { get; init; }

    public long TargetEvents { get; init; }

    public StratifiedDifference Difference { get; init; }

    public HarmState Harm { get; init; } = new();

    /// <summary>The watch test's process; of one that has not begun, as of an earlier version, the empty state.</summary>
    public HarmState Watch { get; init => field = value ?? new HarmState(); } = new();

    /// <summary>The two given how often each key had the event before it moved; null while that makes no difference.</summary>
    public HarmState? HarmAdjusted { get; init; }

    public HarmState? WatchAdjusted { get; init; }

    /// <summary>How often each of the heaviest keys has the event on the source.</summary>
    public KeyRisksState Risks { get; init => field = value ?? new KeyRisksState(); } = new();

    /// <summary>Matched pairs of a rate; they serve every margin. Of a score: by who scored higher.</summary>
    public PairCounts Pairs { get; init; }

    /// <summary>Matched pairs of a score; none in what an earlier version stored.</summary>
    [JsonConverter(typeof(PairTableConverter))]
    public PairTable Table { get; init => field = value ?? PairTable.Empty; } = PairTable.Empty;

    /// <summary>The interval of their mean difference.</summary>
    public BernsteinSequence Interval { get; init; }

    /// <summary>Scores met that cannot be scores.</summary>
    public long Invalid { get; init; }

    /// <summary>First second of admission since which the target took requests without data for the gate, or null while data come.</summary>
    public long? NoDataSince { get; init; }

    /// <summary>Newest second of admission of those.</summary>
    public long NoDataUntil { get; init; }

    /// <summary>Promotion processes of a latency, cost or score gate, one for each margin.</summary>
    public IReadOnlyList<PromotionState> Promotions { get; init; } = [];
}
