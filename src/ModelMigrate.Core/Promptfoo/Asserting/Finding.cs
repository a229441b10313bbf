using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Core.Promptfoo.Asserting;

/// <summary>What one assertion found in an answer, before <c>not-</c> turns it round.</summary>
internal sealed record Finding
{
    /// <summary>Whether it holds; null for a score that a threshold decides on.</summary>
    public bool? Holds { get; private init; }

    public double Score { get; private init; }

    /// <summary>What failed, for when it does; with <c>not-</c> its opposite is said.</summary>
    public string Says { get; private init; } = "";

    /// <summary>Why the assertion fails whichever way it is turned, or null.</summary>
    public string? Broken { get; private init; }

    /// <summary>Why nothing can be said of the answer, which makes the row an error, or null.</summary>
    public string? Missing { get; private init; }

    /// <summary>The score of a script's number, which counts although the assertion holds or not; else null.</summary>
    public double? Own { get; init; }

    /// <summary>Whether <c>not-</c> takes <see cref="Own"/> from 1.</summary>
    public bool TurnsOwn { get; init; }

    /// <summary>Whether <c>not-</c> is in it already.</summary>
    public bool IsTurned { get; init; }

    /// <summary>In its own words, for when the answer is not turned round; else null.</summary>
    public string? Reason { get; init; }

    public IReadOnlyDictionary<string, double> Named { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    public static Finding Of(bool holds, string says) => new() { Holds = holds, Says = says };

    public static Finding Scored(double score, string says) => new() { Score = score, Says = says };

    public static Finding From(OutsideResult result) =>
        result.Missing is { } missing ? Lacks(missing)
        : result.Broken is { } broken ? Wrong(broken)
        : Of(result.Pass == true, "pass") with { Own = result.Score, TurnsOwn = result.TurnsScore, IsTurned = result.IsTurned, Reason = result.Reason, Named = result.NamedScores };

    public static Finding Wrong(string why) => new() { Broken = why };

    public static Finding Lacks(string what) => new() { Missing = what };
}
