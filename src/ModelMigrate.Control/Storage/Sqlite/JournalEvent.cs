namespace ModelMigrate.Control.Storage.Sqlite;

/// <summary>One decision or alert as it is journalled; the number is given when it is written.</summary>
internal sealed record JournalEvent
{
    public required string Migration { get; init; }

    public required int Attempt { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    public required string Kind { get; init; }

    public required string Reason { get; init; }

    public string? Gate { get; init; }

    /// <summary>Phase texts, with their step.</summary>
    public required string From { get; init; }

    public required string To { get; init; }

    public required int WeightPpm { get; init; }

    public double? Alpha { get; init; }

    /// <summary>JSON of the evidence as it stood.</summary>
    public string? Evidence { get; init; }

    /// <summary>JSON of the blocks that were still open and looked at, without which the decision could not be replayed.</summary>
    public string? OpenBlocks { get; init; }
}
