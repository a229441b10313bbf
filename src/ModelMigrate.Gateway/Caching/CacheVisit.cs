using ModelMigrate.Core.Observing;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Exchange.Attempts;

namespace ModelMigrate.Gateway.Caching;

/// <summary>One request at its route's cache: what it found, and where its answer is kept when it found nothing.</summary>
/// <param name="Result">As the answer's header says it.</param>
/// <param name="Found">On a hit, the answer.</param>
/// <param name="Key">What a fresh answer is kept under, or null when it is not kept.</param>
internal sealed record CacheVisit(CacheResult Result, CachedAnswer? Found, CacheKey? Key)
{
    public static CacheVisit Passing { get; } = new(CacheResult.Bypass, Found: null, Key: null);

    /// <summary>As the header says it.</summary>
    public string Word => Result switch
    {
        CacheResult.Hit => "hit",
        CacheResult.Miss => "miss",
        CacheResult.Bypass => "bypass",
    };

    /// <summary>
    /// Whether an answer may be given again: all of it is the assigned model's own, nobody failed the client, the model did not refuse, and no
    /// check of the route found fault with it.
    /// </summary>
    public static bool IsWorthKeeping(ExchangeReport report)
    {
        if (report.UserError is not null || report.Refused || report.Attempts.Count == 0 || report.AnsweredBy is not { } model || model != report.Assignment?.Model.Id)
        {
            return false;
        }

        var last = report.Attempts[^1];
        return last.Outcome == Outcome.Ok && last.Role is AttemptRole.Assigned or AttemptRole.Retry && report.Checks.All(static check => check.Passed);
    }
}
