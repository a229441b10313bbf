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

    public static Finding Of(bool holds, string says) => new() { Holds = holds, Says = says };

    public static Finding Scored(double score, string says) => new() { Score = score, Says = says };

    public static Finding Wrong(string why) => new() { Broken = why };

    public static Finding Lacks(string what) => new() { Missing = what };
}
