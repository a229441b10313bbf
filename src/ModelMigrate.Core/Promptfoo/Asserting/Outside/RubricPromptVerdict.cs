using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ModelMigrate.Core.Promptfoo.Asserting.Outside;

/// <summary>Reads the verdict of a judge that a configuration asks in its own words: an object with <c>pass</c>, <c>score</c> and <c>reason</c>, of which promptfoo 0.121 needs none.</summary>
public static partial class RubricPromptVerdict
{
    /// <summary>In strict an object without a verdict says nothing; a score that is not from 0 to 1 never does.</summary>
    public static OutsideResult Of(JsonElement said, OutsideTask task, PromptfooMode mode)
    {
        var (given, written) = (Member(said, "pass"), Member(said, "score"));
        var reason = Member(said, "reason") is { ValueKind: JsonValueKind.String } words ? words.GetString()! : "";
        if (mode == PromptfooMode.Strict && given is not { ValueKind: JsonValueKind.True or JsonValueKind.False } && (given is not null || task.Threshold is null || written is not { ValueKind: JsonValueKind.Number }))
        {
            return new OutsideResult { Missing = "The judge's object has no 'pass' that is true or false, and no 'score' that a threshold is for." };
        }

        var isPass = given switch
        {
            { ValueKind: JsonValueKind.True or JsonValueKind.False } flag => flag.GetBoolean(),
            null or { ValueKind: JsonValueKind.Null } => true,
            { } other => Yes().IsMatch(other.ToString()),
        };
        var score = written is { } figure ? Number(figure) ?? (isPass ? 1 : 0) : isPass ? 1 : 0;
        return score is < 0 or > 1 ? new OutsideResult { Missing = "The judge gave a score that is not from 0 to 1." }
            : new OutsideResult { Pass = isPass && !(score < task.Threshold), Score = score, TurnsScore = true, Reason = reason };
    }

    private static JsonElement? Member(JsonElement group, string name) => group.TryGetProperty(name, out var value) ? value : null;

    /// <summary>As JavaScript makes a number of a value; null where it makes none.</summary>
    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.Null or JsonValueKind.False => 0,
        JsonValueKind.String when value.GetString()!.Trim() is var text => text.Length == 0 ? 0 : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
        JsonValueKind.Undefined or JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String => null,
    };

    [GeneratedRegex(@"\A(true|yes|pass|y)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Yes();
}
