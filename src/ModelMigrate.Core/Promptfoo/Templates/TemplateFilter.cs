using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>A filter of Nunjucks that is run here.</summary>
/// <param name="Name">As written after the bar.</param>
/// <param name="Least">Constants that it needs.</param>
/// <param name="Most">Constants that it takes.</param>
/// <param name="Example">How it is written.</param>
/// <param name="Of">What it makes of a value; of kind undefined when it cannot take it.</param>
internal sealed record TemplateFilter(string Name, int Least, int Most, string Example, Func<JsonElement, IReadOnlyList<JsonElement>, JsonElement?> Of)
{
    public static IReadOnlyList<TemplateFilter> All { get; } =
    [
        OfText("upper", static text => text.ToUpperInvariant()),
        OfText("lower", static text => text.ToLowerInvariant()),
        OfText("trim", static text => text.Trim()),
        new("default", 1, 2, "default('none')", static (value, given) =>
            value.ValueKind == JsonValueKind.Undefined || (given.Count == 2 && given[1].ValueKind == JsonValueKind.True && IsFalse(value)) ? given[0] : value),
        new("dump", 0, 1, "dump", static (value, given) => TemplateText.From(given.Count == 0 ? TemplateText.Json(value) : JsonSerializer.Serialize(value, Indented(given[0])))),
        new("join", 0, 1, "join(', ')", static (value, given) => value.ValueKind == JsonValueKind.Array
            ? TemplateText.From(string.Join(given.Count == 0 ? "" : TemplateText.Of(given[0]), value.EnumerateArray().Select(TemplateText.Of)))
            : null),
        new("length", 0, 0, "length", static (value, _) => JsonSerializer.SerializeToElement(value.ValueKind switch
        {
            JsonValueKind.Array => value.GetArrayLength(),
            JsonValueKind.Object => value.EnumerateObject().Count(),
            JsonValueKind.String => value.GetString()!.Length,
            JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number => 0,
        })),
        new("replace", 2, 2, "replace('a', 'b')", static (value, given) => value.ValueKind is JsonValueKind.String or JsonValueKind.Number && TemplateText.Of(given[0]).Length > 0
            ? TemplateText.From(TemplateText.Of(value).Replace(TemplateText.Of(given[0]), TemplateText.Of(given[1]), StringComparison.Ordinal))
            : value),
        new("safe", 0, 0, "safe", static (value, _) => value),
    ];

    public static TemplateFilter? Find(string name) => All.FirstOrDefault(filter => filter.Name == name);

    public JsonElement Apply(JsonElement value, IReadOnlyList<JsonElement> arguments, out string fault)
    {
        var made = Of(value, arguments);
        fault = made is null ? $"it takes {(Name == "join" ? "a list" : "a text")}, not {value.ValueKind.ToString().ToLowerInvariant()}." : "";
        return made ?? default;
    }

    private static TemplateFilter OfText(string name, Func<string, string> change) => new(name, 0, 0, name, (value, _) => value.ValueKind switch
    {
        JsonValueKind.String => TemplateText.From(change(value.GetString()!)),
        JsonValueKind.Undefined or JsonValueKind.Null => TemplateText.From(""),
        JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => null,
    });

    private static bool IsFalse(JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.False || TemplateText.Of(value) is "" or "0";

    private static JsonSerializerOptions Indented(JsonElement width) => new()
    {
        WriteIndented = true, IndentSize = Math.Clamp(width.ValueKind == JsonValueKind.Number ? (int)width.GetDouble() : 2, 0, 10), Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
