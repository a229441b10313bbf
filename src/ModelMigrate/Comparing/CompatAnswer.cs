using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Observing;
using ModelMigrate.Providers.Exchange;

namespace ModelMigrate.Comparing;

/// <summary>How one prompt went on one model.</summary>
/// <param name="Outcome">As live requests are counted.</param>
/// <param name="Ms">Milliseconds to the end of the answer.</param>
/// <param name="FirstTokenMs">Milliseconds to the first content of a stream, or null.</param>
/// <param name="InputTokens">As the provider reports, or null.</param>
/// <param name="OutputTokens">As the provider reports, or null.</param>
/// <param name="Cost">US dollars, or null when the price or the usage is unknown.</param>
/// <param name="Error">The code of what went wrong, with its status; null for nothing.</param>
/// <param name="Changes">What the model was asked otherwise, or null.</param>
/// <param name="FailedChecks">The route's checks that the answer failed.</param>
/// <param name="Message">What the provider said went wrong, which may quote the prompt; only kept when asked for.</param>
internal sealed record CompatAnswer(
    Outcome Outcome, double Ms, double? FirstTokenMs, long? InputTokens, long? OutputTokens, decimal? Cost, string? Error, string? Changes,
    IReadOnlyList<string> FailedChecks, string? Message)
{
    /// <summary>Whether the application could have used it.</summary>
    public bool IsFine => Outcome == Outcome.Ok && FailedChecks.Count == 0;

    public static CompatAnswer Of(ExchangeReport report, SilentClient client, bool keepsMessage)
    {
        var attempt = report.Attempts.Count > 0 ? report.Attempts[^1] : default;
        return new CompatAnswer(
            client.Error is { Kind: ChatErrorKind.Request } ? Outcome.ClientError : report.Outcome, (report.Attempts.Count > 0 ? attempt.Latency : report.Latency).TotalMilliseconds,
            attempt.FirstToken?.TotalMilliseconds, attempt.Usage?.InputTokens, attempt.Usage?.OutputTokens, report.Attempts.Count > 0 ? attempt.Cost : 0,
            client.Error is { } error ? Words(error) : null, client.Changes, [.. report.Checks.Where(check => !check.Passed).Select(check => check.Check)],
            keepsMessage ? client.Error?.Message : null);
    }

    private static string Words(ChatError error) => string.Join(' ', new[] { error.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Code ?? error.Kind.ToString().ToLowerInvariant(), error.Field }.OfType<string>());
}
