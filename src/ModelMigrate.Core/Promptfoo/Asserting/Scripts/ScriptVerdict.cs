using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Core.Promptfoo.Asserting.Scripts;

/// <summary>What a script's value means: yes or no, a score, or a group with <c>pass</c>, <c>score</c> and <c>reason</c>, as promptfoo reads them.</summary>
public static class ScriptVerdict
{
    private const int LongestQuote = 200;

    /// <param name="value">What the script returned.</param>
    /// <param name="language">Python's texts and names with underscores are read, too; JavaScript's are not.</param>
    /// <param name="threshold">From which score on it passes; null for above 0.</param>
    public static OutsideResult Of(JsonElement value, ScriptLanguage language, double? threshold)
    {
        if (language == ScriptLanguage.Python && value.ValueKind == JsonValueKind.String && Read(value.GetString()!) is { } meant)
        {
            value = meant;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return new OutsideResult { Pass = value.GetBoolean(), Reason = value.GetBoolean() ? "" : "The script returned false" };
            case JsonValueKind.Number:
                var score = value.GetDouble();
                var pass = threshold is { } least ? score >= least : score > 0;
                return new OutsideResult { Pass = pass, Score = score, Reason = pass ? "" : string.Create(CultureInfo.InvariantCulture, $"The script returned {score}") };
            case JsonValueKind.Object when Graded(value, language, threshold) is { } graded:
                return graded;
            case JsonValueKind.Undefined or JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String or JsonValueKind.Null:
            default:
                var shown = value.ValueKind == JsonValueKind.Undefined ? "nothing" : value.GetRawText();
                return new OutsideResult { Broken = $"The script must return true or false, a number, or {{pass, score, reason}}; it returned {(shown.Length > LongestQuote ? shown[..LongestQuote] + "…" : shown)}" };
        }
    }

    private static OutsideResult? Graded(JsonElement value, ScriptLanguage language, double? threshold)
    {
        var isPython = language == ScriptLanguage.Python;
        if (Member(value, "pass", isPython ? "pass_" : null) is not { ValueKind: JsonValueKind.True or JsonValueKind.False } pass
            || Member(value, "score") is not { ValueKind: JsonValueKind.Number } score || Member(value, "reason") is not { ValueKind: JsonValueKind.String } reason)
        {
            return null;
        }

        var (passes, says) = (pass.GetBoolean(), reason.GetString()!);
        if (isPython && threshold is { } least && score.GetDouble() < least)
        {
            (passes, says) = (false, string.Create(CultureInfo.InvariantCulture, $"The script's score {score.GetDouble()} is below the threshold {least}{(says.Length > 0 ? $": {says}" : "")}"));
        }

        var named = new SortedDictionary<string, double>(StringComparer.Ordinal);
        if (Member(value, "namedScores", isPython ? "named_scores" : null) is { ValueKind: JsonValueKind.Object } names)
        {
            foreach (var name in names.EnumerateObject().Where(static name => name.Value.ValueKind == JsonValueKind.Number))
            {
                named[name.Name] = name.Value.GetDouble();
            }
        }

        return new OutsideResult { Pass = passes, Score = score.GetDouble(), Reason = says, NamedScores = named };
    }

    private static JsonElement? Member(JsonElement group, string name, string? other = null) =>
        group.TryGetProperty(name, out var value) || (other is not null && group.TryGetProperty(other, out value)) ? value : null;

    /// <summary>Texts of Python's that mean something else: true, false, a number, JSON of a group.</summary>
    private static JsonElement? Read(string text)
    {
        if (text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("false", StringComparison.OrdinalIgnoreCase))
        {
            return JsonSerializer.SerializeToElement(text.Length == 4);
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return JsonSerializer.SerializeToElement(number);
        }

        try
        {
            return text.StartsWith('{') ? JsonSerializer.Deserialize<JsonElement>(text) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
