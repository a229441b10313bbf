using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Asserting.Scripts;

/// <summary>JavaScript's values: null, true and false, numbers, texts, lists, groups, patterns, and <see cref="Nothing"/> for undefined.</summary>
internal static class ScriptValue
{
    public static bool IsTrue(object? value) => value switch
    {
        null or Nothing => false,
        bool flag => flag,
        double number => number is not 0 and not double.NaN,
        string text => text.Length > 0,
        _ => true,
    };

    public static string Text(object? value) => value switch
    {
        null => "null",
        Nothing => "undefined",
        bool flag => flag ? "true" : "false",
        double number => double.IsNaN(number) ? "NaN" : number.ToString("R", CultureInfo.InvariantCulture),
        string text => text,
        List<object?> list => string.Join(',', list.Select(static item => item is null or Nothing ? "" : Text(item))),
        JsonElement json => TemplateText.Of(json),
        _ => "[object Object]",
    };

    public static double Number(object? value) => value switch
    {
        null => 0,
        bool flag => flag ? 1 : 0,
        double number => number,
        string text => text.Trim().Length == 0 ? 0 : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN,
        _ => double.NaN,
    };

    public static object? Combine(string sign, object? a, object? b) => sign switch
    {
        "===" => Same(a, b),
        "!==" => !Same(a, b),
        "==" => Alike(a, b),
        "!=" => !Alike(a, b),
        "+" when a is not (double or bool or null) || b is not (double or bool or null) => Text(a) + Text(b),
        "+" => Number(a) + Number(b),
        "-" => Number(a) - Number(b),
        "*" => Number(a) * Number(b),
        "/" => Number(a) / Number(b),
        "%" => Number(a) % Number(b),
        _ when a is string first && b is string second => Ordered(sign, string.CompareOrdinal(first, second), 0),
        _ => Ordered(sign, Number(a), Number(b)),
    };

    public static object? Member(object? of, string name) => of switch
    {
        null or Nothing => throw new ScriptFault($"'{name}' of {Text(of)}"),
        string text => name == "length" ? (double)text.Length : At(name, text.Length) is { } at ? text[at].ToString() : Nothing.Only,
        List<object?> list => name == "length" ? (double)list.Count : At(name, list.Count) is { } at ? list[at] : Nothing.Only,
        IReadOnlyDictionary<string, JsonElement> vars => vars.TryGetValue(name, out var value) ? From(value) : Nothing.Only,
        JsonElement { ValueKind: JsonValueKind.Object } json => json.TryGetProperty(name, out var value) ? From(value) : Nothing.Only,
        _ => Nothing.Only,
    };

    public static object? From(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => json.EnumerateArray().Select(From).ToList(),
        JsonValueKind.Object => json,
        JsonValueKind.Null => null,
        JsonValueKind.Undefined => Nothing.Only,
    };

    /// <summary>A value as JSON; null for null, undefined and what JSON has no word for.</summary>
    public static JsonElement? Json(object? value) => value switch
    {
        null or Nothing or ScriptPattern => null,
        double number when !double.IsFinite(number) => null,
        double number when number == Math.Floor(number) && Math.Abs(number) < 1L << 53 => JsonSerializer.SerializeToElement((long)number),
        List<object?> list => JsonSerializer.SerializeToElement(list.Select(Json)),
        JsonElement json => json,
        _ => JsonSerializer.SerializeToElement(value),
    };

    public static bool Same(object? a, object? b) => (a, b) switch
    {
        (null, null) or (Nothing, Nothing) => true,
        (double x, double y) => x == y,
        (string x, string y) => string.Equals(x, y, StringComparison.Ordinal),
        (bool x, bool y) => x == y,
        _ => false,
    };

    private static bool Alike(object? a, object? b) => a is null or Nothing || b is null or Nothing
        ? a is null or Nothing && b is null or Nothing
        : Same(a, b) || ((a is double or bool || b is double or bool) && Number(a) == Number(b));

    private static bool Ordered(string sign, double a, double b) => sign switch { "<" => a < b, "<=" => a <= b, ">" => a > b, _ => a >= b };

    private static int? At(string name, int count) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < count ? at : null;

    /// <summary>JavaScript's <c>undefined</c>.</summary>
    internal sealed class Nothing
    {
        public static Nothing Only { get; } = new();
    }
}
