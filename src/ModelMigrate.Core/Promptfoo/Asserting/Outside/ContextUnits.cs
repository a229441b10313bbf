using System.Text.Json;
using System.Text.RegularExpressions;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Asserting.Outside;

/// <summary>Cuts what was retrieved for an answer into what is counted, as promptfoo 0.121 does: the parts of a list, else the lines, else the sentences of one line.</summary>
public static partial class ContextUnits
{
    /// <summary>The variable that assertions over a context read.</summary>
    public const string Context = "context";

    /// <summary>The variable with what the user asked.</summary>
    public const string Query = "query";

    /// <summary>Whether a value is a text, or a list of texts, that says something.</summary>
    public static bool IsContext(JsonElement value) => IsText(value) || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(IsText));

    /// <summary>The context as one text; null where there is none.</summary>
    public static string? Whole(IReadOnlyDictionary<string, JsonElement> vars) => !vars.TryGetValue(Context, out var context) ? null
        : context.ValueKind == JsonValueKind.Array ? string.Join("\n\n", context.EnumerateArray().Select(TemplateText.Of)) : TemplateText.Of(context);

    /// <summary>None where there is no context.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, JsonElement> vars)
    {
        if (!vars.TryGetValue(Context, out var context))
        {
            return [];
        }

        if (context.ValueKind == JsonValueKind.Array)
        {
            return [.. context.EnumerateArray().Select(TemplateText.Of).Where(static part => part.AsSpan().Trim().Length > 0)];
        }

        var text = TemplateText.Of(context);
        var lines = text.Split('\n').Where(static line => line.AsSpan().Trim().Length > 0).ToList();
        return [.. (lines.Count > 1 ? lines : [.. AfterSentence().Split(text)]).Select(static unit => unit.Trim()).Where(static unit => unit.Length > 0 && !Marker().IsMatch(unit))];
    }

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString()!.AsSpan().Trim().Length > 0;

    [GeneratedRegex(@"(?<=[.!?])\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AfterSentence();

    /// <summary>The number of a list that stands in a line, which is no sentence.</summary>
    [GeneratedRegex(@"\A[0-9]+[.)]\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Marker();
}
