using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Observing;

namespace ModelMigrate.Providers.Exchange.Attempts;

/// <summary>One call of a model, for the meters.</summary>
/// <param name="Model">Which model.</param>
/// <param name="Role">Why it was called.</param>
/// <param name="Outcome">How it went.</param>
/// <param name="Latency">From the call to its end.</param>
/// <param name="FirstToken">From the call to the stream's first content, or null.</param>
/// <param name="Usage">Tokens that the provider reported, or null.</param>
public readonly record struct AttemptReport(
    ModelSnapshot Model, AttemptRole Role, Outcome Outcome, TimeSpan Latency, TimeSpan? FirstToken, Usage? Usage)
{
    /// <summary>US dollars, or null when the price or the usage is unknown.</summary>
    public decimal? Cost => Usage is { } usage ? Model.Cost(usage.InputTokens, usage.OutputTokens) : null;
}
