using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Checks;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Providers.Exchange.Attempts;

namespace ModelMigrate.Providers.Exchange;

/// <summary>How a whole exchange went, for the meters.</summary>
public sealed record ExchangeReport
{
    /// <summary>Null when the request was refused before it was assigned.</summary>
    public Assignment? Assignment { get; init; }

    public required RouteId Route { get; init; }

    /// <summary>The assigned arm's own outcome.</summary>
    public required Outcome Outcome { get; init; }

    public required TimeSpan Latency { get; init; }

    public bool Rescued { get; init; }

    /// <summary>Why the client saw a failure, or null when it did not.</summary>
    public ChatError? UserError { get; init; }

    /// <summary>What the checks found that looked at the answer; empty without an answer.</summary>
    public IReadOnlyList<CheckResult> Checks { get; init; } = [];

    /// <summary>Whether the last model that was called refused to answer.</summary>
    public bool Refused { get; init; }

    /// <summary>The model that began the answer, or null without one.</summary>
    public ModelId? AnsweredBy { get; init; }

    /// <summary>Every call of a model, in order.</summary>
    public IReadOnlyList<AttemptReport> Attempts { get; init; } = [];
}
