using System.Text.Json;

namespace ModelMigrate.Core.Api;

/// <summary>One journal entry: who, when, why and the evidence that it was made from.</summary>
public sealed record EventView
{
    public required long Seq { get; init; }

    public required string Migration { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary><c>judge</c>, <c>controller</c>, or the operator's name.</summary>
    public required string Actor { get; init; }

    /// <summary><c>started</c>, <c>advanced</c>, <c>promoted</c>, <c>rolled_back</c>, <c>alert</c> …</summary>
    public required string Kind { get; init; }

    public required string Reason { get; init; }

    public string? Gate { get; init; }

    /// <summary>The phase left, with its step.</summary>
    public required string From { get; init; }

    /// <summary>The phase entered, with its step.</summary>
    public required string To { get; init; }

    /// <summary>The target's share after it, 0 to 1.</summary>
    public required double Weight { get; init; }

    /// <summary>α of the evidence process that the decision was made in, or null when no evidence decided.</summary>
    public double? Alpha { get; init; }

    /// <summary>The evidence as it stood: both arms, and under <c>gates</c> each gate with its verdict, e-values and α.</summary>
    public JsonElement? Evidence { get; init; }
}
