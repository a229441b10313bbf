using System.Text.Json.Serialization;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Signals;

/// <summary>The matched pairs of one score in an ended block.</summary>
/// <param name="Score">Which.</param>
public sealed record ScoreCounts(PairedScore Score)
{
    /// <summary>A request that costs more than this many times the source's mean counts as costing just that.</summary>
    public const double CostCap = 4;

    [JsonConverter(typeof(PairTableConverter))]
    public PairTable Table { get; init; } = PairTable.Empty;

    /// <summary>The pairs of the target's heaviest keys, by key: part of <see cref="Table"/>, so that harm can be judged without any one of them.</summary>
    public IReadOnlyList<KeyPairs> Keys { get; init; } = [];

    /// <summary>The same pairs by who scored higher, told by the scores themselves and not by their levels.</summary>
    public PairCounts Preference { get; init; }

    /// <summary>Scores that are not numbers between 0 and 1 (costs: not above or at 0): they are in no pair, and their gate decides nothing.</summary>
    public int Invalid { get; init; }
}
