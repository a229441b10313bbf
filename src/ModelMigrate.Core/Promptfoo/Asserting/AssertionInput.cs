using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Asserting;

/// <summary>One assertion with its variables in place, and the answer that it is held against.</summary>
internal sealed record AssertionInput(PromptfooAssertion Assertion, JsonElement Value, GradedAnswer Answer, IReadOnlyDictionary<string, JsonElement> Vars, PromptfooMode Mode)
{
    public string Output => Answer.Output;

    public string Text => TemplateText.Of(Value);

    /// <summary>The texts of a list; a text is cut at its commas, outside of quotes.</summary>
    public IReadOnlyList<string> List => Value.ValueKind == JsonValueKind.Array ? [.. Value.EnumerateArray().Select(TemplateText.Of)] : CommaList.Cut(Text);

    /// <summary>A text, or each of a list's: references of which the best counts.</summary>
    public IReadOnlyList<string> References => Value.ValueKind == JsonValueKind.Array ? List : [Text];

    public double Threshold(double otherwise) => Assertion.Threshold ?? otherwise;

    public static string Shown(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
