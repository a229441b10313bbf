namespace ModelMigrate.Core.Promptfoo.Asserting;

/// <summary>What assertions may look at.</summary>
/// <param name="Output">The answer's text.</param>
public sealed record GradedAnswer(string Output)
{
    /// <summary>Milliseconds until the whole answer was there.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>US dollars.</summary>
    public double? Cost { get; init; }

    /// <summary>Why the answer ended, in the neutral words: <c>stop</c>, <c>length</c>, <c>tool_calls</c>.</summary>
    public string? Finish { get; init; }
}
