using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Asserting.Scripts;

/// <summary>The methods and functions of JavaScript that change nothing and that are run here.</summary>
internal static class ScriptMethods
{
    private static readonly string[] s_methods = ["includes", "startsWith", "endsWith", "toLowerCase", "toUpperCase", "trim", "indexOf", "split", "slice", "replace", "test", "toString", "join"];

    public static IReadOnlySet<string> Functions { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "JSON.parse", "JSON.stringify", "Math.abs", "Math.min", "Math.max", "Math.round", "Math.floor", "Math.ceil", "Number", "String", "Boolean", "parseInt", "parseFloat",
    };

    public static string Names => string.Join(", ", s_methods);

    public static bool Exists(string name) => s_methods.Contains(name, StringComparer.Ordinal);

    public static object? Call(object? of, string name, IReadOnlyList<object?> given)
    {
        var first = given.Count > 0 ? given[0] : ScriptValue.Nothing.Only;
        return (of, name) switch
        {
            (string text, "includes") => text.Contains(ScriptValue.Text(first), StringComparison.Ordinal),
            (string text, "startsWith") => text.StartsWith(ScriptValue.Text(first), StringComparison.Ordinal),
            (string text, "endsWith") => text.EndsWith(ScriptValue.Text(first), StringComparison.Ordinal),
            (string text, "toLowerCase") => text.ToLowerInvariant(),
            (string text, "toUpperCase") => text.ToUpperInvariant(),
            (string text, "trim") => text.Trim(),
            (string text, "indexOf") => (double)text.IndexOf(ScriptValue.Text(first), StringComparison.Ordinal),
            (string text, "split") when first is string by => Split(text, by),
            (string text, "slice") => Slice(text, given),
            (string text, "replace") when first is string what && given.Count == 2 => Replace(text, what, ScriptValue.Text(given[1])),
            (List<object?> list, "includes") => list.Exists(item => ScriptValue.Same(item, first)),
            (List<object?> list, "indexOf") => (double)list.FindIndex(item => ScriptValue.Same(item, first)),
            (List<object?> list, "slice") => Sliced(list, given),
            (List<object?> list, "join") => string.Join(given.Count > 0 ? ScriptValue.Text(first) : ",", list.Select(static item => item is null or ScriptValue.Nothing ? "" : ScriptValue.Text(item))),
            (ScriptPattern pattern, "test") => pattern.IsIn(ScriptValue.Text(first)),
            (not (null or ScriptValue.Nothing), "toString") => ScriptValue.Text(of),
            _ => throw new ScriptFault($"{ScriptValue.Text(of)} has no '{name}' with these arguments"),
        };
    }

    public static object? Call(string function, IReadOnlyList<object?> given)
    {
        var first = given.Count > 0 ? given[0] : ScriptValue.Nothing.Only;
        return function switch
        {
            "JSON.parse" => Parsed(ScriptValue.Text(first)),
            "JSON.stringify" when given.Count == 1 => ScriptValue.Json(first) is { } json ? TemplateText.Json(json) : first is ScriptValue.Nothing ? first : "null",
            "JSON.stringify" => throw new ScriptFault("JSON.stringify takes one value here"),
            "Math.abs" => Math.Abs(ScriptValue.Number(first)),
            "Math.min" => given.Select(ScriptValue.Number).DefaultIfEmpty(double.PositiveInfinity).Min(),
            "Math.max" => given.Select(ScriptValue.Number).DefaultIfEmpty(double.NegativeInfinity).Max(),
            "Math.round" => Math.Floor(ScriptValue.Number(first) + 0.5),
            "Math.floor" => Math.Floor(ScriptValue.Number(first)),
            "Math.ceil" => Math.Ceiling(ScriptValue.Number(first)),
            "Number" => ScriptValue.Number(first),
            "String" => ScriptValue.Text(first),
            "Boolean" => ScriptValue.IsTrue(first),
            _ => Leading(ScriptValue.Text(first), isWhole: function == "parseInt"),
        };
    }

    private static List<object?> Split(string text, string by) => by.Length == 0
        ? [.. text.Select(static c => (object?)c.ToString())]
        : [.. text.Split(by).Select(static part => (object?)part)];

    private static string Slice(string text, IReadOnlyList<object?> given)
    {
        var (from, to) = Range(text.Length, given);
        return text[from..to];
    }

    private static List<object?> Sliced(List<object?> list, IReadOnlyList<object?> given)
    {
        var (from, to) = Range(list.Count, given);
        return list[from..to];
    }

    private static (int From, int To) Range(int length, IReadOnlyList<object?> given)
    {
        int Place(int index, int otherwise)
        {
            var at = index < given.Count ? (int)ScriptValue.Number(given[index]) : otherwise;
            return Math.Clamp(at < 0 ? length + at : at, 0, length);
        }

        var (from, to) = (Place(0, 0), Place(1, length));
        return (Math.Min(from, to), to);
    }

    private static string Replace(string text, string what, string by)
    {
        var at = text.IndexOf(what, StringComparison.Ordinal);
        return at < 0 ? text : string.Concat(text.AsSpan(0, at), by, text.AsSpan(at + what.Length));
    }

    private static object? Parsed(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return ScriptValue.From(json.RootElement.Clone());
        }
        catch (JsonException wrong)
        {
            throw new ScriptFault("the text is no JSON", wrong);
        }
    }

    private static double Leading(string text, bool isWhole)
    {
        text = text.TrimStart();
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || (end == 0 && text[end] is '-' or '+') || (!isWhole && text[end] is '.')))
        {
            end++;
        }

        return double.TryParse(text.AsSpan(0, end), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
    }
}
