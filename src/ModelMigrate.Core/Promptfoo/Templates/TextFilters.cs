using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>Filters behind texts and numbers, as Nunjucks 3.2 has them.</summary>
internal static partial class TextFilters
{
    private const string Text = "a text";
    private const int Widest = 1000;

    /// <summary>JavaScript indents JSON by no more.</summary>
    private const int Indents = 10;

    private static readonly JsonSerializerOptions[] s_indented =
        [.. Enumerable.Range(0, Indents + 1).Select(static width => new JsonSerializerOptions { WriteIndented = true, IndentSize = width, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })];

    public static IReadOnlyList<TemplateFilter> All { get; } =
    [
        OfText("upper", static text => text.ToUpperInvariant()),
        OfText("lower", static text => text.ToLowerInvariant()),
        OfText("capitalize", Capitalized),
        OfText("title", static text => string.Join(' ', text.Split(' ').Select(Capitalized))),
        OfText("trim", static text => text.Trim()),
        OfText("nl2br", static text => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "<br />\n", StringComparison.Ordinal)),
        new("wordcount", 0, 0, "wordcount", Text, static (value, _) => Normal(value) is not { } text ? null : Word().Count(text) is > 0 and var words ? TemplateValue.Of(words) : TemplateValue.Null),
        new("truncate", 0, 3, "truncate(40)", Text, static (value, given) => Normal(value) is { } text ? TemplateValue.Of(Truncated(text, given)) : null),
        new("indent", 0, 2, "indent(2)", Text, static (value, given) => Normal(value) is { } text
            ? TemplateValue.Joined("\n", text.Split('\n').Select((line, i) => text.Length > 0 && (i > 0 || TemplateValue.IsTrue(At(given, 1))) ? new string(' ', Width(At(given, 0), 4)) + line : line)) : null),
        new("replace", 2, 3, "replace('a', 'b')", Text, Replaced),
        new("escape", 0, 0, "escape", Text, Escaped),
        new("e", 0, 0, "e", Text, Escaped),
        new("urlencode", 0, 0, "urlencode", "a text, a list or a group", static (value, _) => value.ValueKind switch
        {
            JsonValueKind.String => TemplateValue.Of(Encoded(value.GetString()!)),
            JsonValueKind.Object => TemplateValue.Of(string.Join('&', value.EnumerateObject().Select(static member => $"{Encoded(member.Name)}={Encoded(TemplateValue.Word(member.Value))}"))),
            JsonValueKind.Array => TemplateValue.Of(string.Join('&', value.EnumerateArray().Select(static pair => $"{Encoded(TemplateValue.Word(TemplateValue.Member(pair, TemplateValue.Of(0))))}={Encoded(TemplateValue.Word(TemplateValue.Member(pair, TemplateValue.Of(1))))}"))),
            JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number => null,
        }),
        new("safe", 0, 0, "safe", Text, static (value, _) => TemplateValue.Of(TemplateText.Of(value))),
        new("string", 0, 0, "string", "a value", static (value, _) => TemplateValue.IsNothing(value) ? null : TemplateValue.Of(TemplateText.Of(value))),
        new("int", 0, 2, "int(0)", Text, static (value, given) => Whole(TemplateText.Of(value), At(given, 1)) is { } whole ? TemplateValue.Of(whole) : At(given, 0)) { Named = ["default", "base"] },
        new("float", 0, 1, "float(0)", Text, static (value, given) =>
            Decimal().Match(TemplateText.Of(value)) is { Success: true } match ? TemplateValue.Of(double.Parse(match.Value, NumberStyles.Float, CultureInfo.InvariantCulture)) : At(given, 0)),
        new("abs", 0, 0, "abs", "a number", static (value, _) => TemplateValue.Of(Math.Abs(TemplateValue.Number(value)))),
        new("round", 0, 2, "round(2)", "a number", static (value, given) => Rounded(TemplateValue.Number(value), given)),
        new("default", 1, 2, "default('none')", "a value", Default),
        new("d", 1, 2, "d('none')", "a value", Default),
        new("dump", 0, 1, "dump(2)", "a value", static (value, given) => TemplateValue.Of(Dumped(value, given))),
    ];

    /// <summary>The value that was given at a place, else undefined.</summary>
    public static JsonElement At(IReadOnlyList<JsonElement> given, int place) => place < given.Count ? given[place] : default;

    private static TemplateFilter OfText(string name, Func<string, string> change) => new(name, 0, 0, name, Text, (value, _) => Normal(value) is { } text ? TemplateValue.Of(change(text)) : null);

    /// <summary>A text; nothing is an empty one; null for anything else.</summary>
    private static string? Normal(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False => "",
        JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Number or JsonValueKind.True => null,
    };

    private static string Capitalized(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    private static JsonElement? Default(JsonElement value, IReadOnlyList<JsonElement> given) =>
        value.ValueKind == JsonValueKind.Undefined || (TemplateValue.IsTrue(At(given, 1)) && !TemplateValue.IsTrue(value)) ? given[0] : value;

    private static string Truncated(string text, IReadOnlyList<JsonElement> given)
    {
        var length = TemplateValue.Number(At(given, 0)) is > 0 and < int.MaxValue and var number ? (int)number : 255;
        if (text.Length <= length)
        {
            return text;
        }

        var cut = TemplateValue.IsTrue(At(given, 1)) ? length : text.LastIndexOf(' ', length) is >= 0 and var space ? space : length;
        return text[..cut] + (TemplateValue.IsNothing(At(given, 2)) ? "..." : TemplateText.Of(given[2]));
    }

    private static JsonElement? Replaced(JsonElement value, IReadOnlyList<JsonElement> given)
    {
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number) || given[0].ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            return value;
        }

        var (text, old, other) = (TemplateText.Of(value), TemplateText.Of(given[0]), TemplateValue.Word(given[1]));
        if (old.Length == 0)
        {
            return TemplateValue.Joined(other, ["", .. text.Select(static c => c.ToString()), ""]);
        }

        var most = given.Count > 2 && TemplateValue.Number(given[2]) is >= 0 and < int.MaxValue and var number ? (int)number + 1 : int.MaxValue;
        return TemplateValue.Joined(other, text.Split(old, most));
    }

    private static JsonElement? Escaped(JsonElement value, IReadOnlyList<JsonElement> given) => TemplateValue.Of(
        TemplateText.Of(value).Replace("&", "&amp;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("\\", "&#92;", StringComparison.Ordinal));

    /// <summary>As encodeURIComponent, which leaves five signs that RFC 3986 reserves.</summary>
    private static string Encoded(string text) => Uri.EscapeDataString(text).Replace("%21", "!", StringComparison.Ordinal).Replace("%27", "'", StringComparison.Ordinal)
        .Replace("%28", "(", StringComparison.Ordinal).Replace("%29", ")", StringComparison.Ordinal).Replace("%2A", "*", StringComparison.Ordinal);

    /// <summary>As parseInt; null where that is not a number.</summary>
    private static double? Whole(string text, JsonElement given)
    {
        var radix = TemplateValue.Number(given) is >= 2 and <= 36 and var number ? (int)number : 10;
        var rest = text.AsSpan().TrimStart();
        var isNegative = rest is ['-', ..];
        rest = rest is ['-' or '+', ..] ? rest[1..] : rest;
        var (value, digits) = (0.0, 0);
        foreach (var c in rest)
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10 : radix;
            if (digit >= radix)
            {
                break;
            }

            (value, digits) = ((value * radix) + digit, digits + 1);
        }

        return digits == 0 ? null : isNegative ? -value : value;
    }

    /// <summary>Halves go up, as in JavaScript.</summary>
    private static JsonElement? Rounded(double value, IReadOnlyList<JsonElement> given)
    {
        var (factor, method) = (Math.Pow(10, TemplateValue.IsTrue(At(given, 0)) ? TemplateValue.Number(given[0]) : 0), TemplateText.Of(At(given, 1)));
        var scaled = value * factor;
        return TemplateValue.Of((method == "ceil" ? Math.Ceiling(scaled) : method == "floor" ? Math.Floor(scaled) : Math.Floor(scaled + 0.5)) / factor);
    }

    private static string Dumped(JsonElement value, IReadOnlyList<JsonElement> given) => Width(At(given, 0), 0) is > 0 and var width && value.ValueKind != JsonValueKind.Undefined
        ? JsonSerializer.Serialize(value, s_indented[Math.Min(width, Indents)])
        : TemplateText.Json(value);

    private static int Width(JsonElement value, int usual) => TemplateValue.IsTrue(value) && TemplateValue.Number(value) is >= 0 and <= Widest and var width ? (int)width
        : TemplateValue.IsTrue(value) ? throw new TemplateFault($"a width is a number from 0 to {Widest}") : usual;

    [GeneratedRegex(@"[A-Za-z0-9_]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<=^\s*)[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Decimal();
}
