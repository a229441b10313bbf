using ModelMigrate.Core.Observing;

namespace ModelMigrate.Control.Intake;

/// <summary>What one arm was given and how it did, for people to read; the judge has its own counts. Owned by its ledger.</summary>
internal sealed record ArmTally
{
    private static readonly int s_outcomes = Enum.GetValues<Outcome>().Length;

    public long Admitted { get; set; }

    public long Rescued { get; set; }

    public long UserErrors { get; set; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }

    public decimal Cost { get; set; }

    /// <summary>Whether an answer came whose price is unknown, so that <see cref="Cost"/> is not the whole of it.</summary>
    public bool CostUnknown { get; set; }

    /// <summary>Requests by <see cref="Outcome"/>.</summary>
    public long[] Outcomes { get; init; } = new long[s_outcomes];

    /// <summary>Of the answers that succeeded.</summary>
    public LatencyTally Latency { get; init; } = new();

    /// <summary>Of the answers that succeeded.</summary>
    public LatencyTally FirstToken { get; init; } = new();

    public long Failures => this[Outcome.Error] + this[Outcome.Throttled] + this[Outcome.Timeout] + this[Outcome.Skipped];

    /// <summary>Failures and successes.</summary>
    public long Ended => this[Outcome.Ok] + Failures;

    public long this[Outcome outcome] => Outcomes[(int)outcome];

    public void Add(in Observation observation)
    {
        Outcomes[(int)observation.Outcome]++;
        Rescued += observation.Rescued ? 1 : 0;
        UserErrors += observation.UserError ? 1 : 0;
        InputTokens += observation.InputTokens;
        OutputTokens += observation.OutputTokens;
        Cost += observation.Cost ?? 0;
        CostUnknown |= observation.Cost is null;
        if (observation.Outcome == Outcome.Ok)
        {
            Latency.Add(observation.Latency);
            if (observation.FirstToken is { } firstToken)
            {
                FirstToken.Add(firstToken);
            }
        }
    }
}
