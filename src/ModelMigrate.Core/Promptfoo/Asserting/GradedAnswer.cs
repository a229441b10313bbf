using System.Text.Json;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Asserting;

/// <summary>What assertions may look at.</summary>
/// <param name="Output">The answer's text.</param>
public sealed record GradedAnswer(string Output)
{
    /// <summary>The answer where it is no text: calls of tools, or what a transform made of it. <see cref="Output"/> is then its JSON. Of kind undefined for a text.</summary>
    public JsonElement Value { get; private init; }

    /// <summary>Milliseconds until the whole answer was there.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>US dollars.</summary>
    public double? Cost { get; init; }

    /// <summary>Why the answer ended, in the neutral words: <c>stop</c>, <c>length</c>, <c>tool_calls</c>.</summary>
    public string? Finish { get; init; }

    /// <summary>Who answered; null where nobody knows.</summary>
    public PromptfooProvider? Provider { get; init; }

    /// <summary>The same with another value in place of its text.</summary>
    public GradedAnswer With(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? this with { Output = value.GetString()!, Value = default }
        : this with { Output = TemplateText.Json(value), Value = value };
}
