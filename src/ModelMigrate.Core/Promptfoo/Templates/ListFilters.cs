using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>Filters behind lists and groups, as Nunjucks 3.2 has them.</summary>
internal static class ListFilters
{
    private const string List = "a list";
    private const int MostParts = 100_000;

    public static IReadOnlyList<TemplateFilter> All { get; } =
    [
        new("length", 0, 0, "length", List, static (value, _) => value.ValueKind switch
        {
            JsonValueKind.Array => TemplateValue.Of(value.GetArrayLength()),
            JsonValueKind.Object => TemplateValue.Of(value.EnumerateObject().Count()),
            JsonValueKind.String => TemplateValue.Of(value.GetString()!.Length),
            JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False => TemplateValue.Of(0),
            JsonValueKind.Number or JsonValueKind.True => default(JsonElement),
        }),
        new("first", 0, 0, "first", List, static (value, _) => Items(value) is { } items ? items.FirstOrDefault() : null),
        new("last", 0, 0, "last", List, static (value, _) => Items(value) is { } items ? items.LastOrDefault() : null),
        new("join", 0, 2, "join(', ')", List, static (value, given) => value.ValueKind == JsonValueKind.Array
            ? TemplateValue.Joined(TemplateText.Of(TextFilters.At(given, 0)), value.EnumerateArray().Select(item => TemplateText.Of(Part(item, TextFilters.At(given, 1)))))
            : null),
        new("reverse", 0, 0, "reverse", List, static (value, _) => Items(value) is not { } items ? null
            : value.ValueKind == JsonValueKind.String ? TemplateValue.Of(string.Concat(items.AsEnumerable().Reverse().Select(TemplateText.Of))) : TemplateValue.List(items.AsEnumerable().Reverse())),
        new("sort", 0, 3, "sort(attribute='name')", List, Sorted) { Named = ["reverse", "case_sensitive", "attribute"] },
        new("dictsort", 0, 2, "dictsort", "a group", static (value, given) => value.ValueKind != JsonValueKind.Object ? null : TemplateValue.List(value.EnumerateObject()
            .Select(static member => TemplateValue.List([TemplateValue.Of(member.Name), member.Value]))
            .Order(Comparer<JsonElement>.Create((a, b) => Order(Folded(a[By(given)], given), Folded(b[By(given)], given)))))),
        new("list", 0, 0, "list", "a text, a list or a group", static (value, _) => value.ValueKind switch
        {
            JsonValueKind.Array => value,
            JsonValueKind.String => TemplateValue.List(Items(value)!),
            JsonValueKind.Object => TemplateValue.List(value.EnumerateObject().Select(static member => TemplateValue.Group([KeyValuePair.Create("key", TemplateValue.Of(member.Name)), KeyValuePair.Create("value", member.Value)]))),
            JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number => null,
        }),
        new("slice", 1, 2, "slice(3)", List, Sliced),
        new("batch", 1, 2, "batch(3)", List, static (value, given) => Items(value) is not { } items ? null : TemplateValue.List(items.Chunk(Parts(given)).Select(part =>
            TemplateValue.List(TemplateValue.IsTrue(TextFilters.At(given, 1)) ? [.. part, .. Enumerable.Repeat(given[1], Parts(given) - part.Length)] : part)))),
        new("sum", 0, 2, "sum", List, static (value, given) => value.ValueKind != JsonValueKind.Array ? null
            : TemplateValue.Of((given.Count > 1 ? TemplateValue.Number(given[1]) : 0) + value.EnumerateArray().Sum(item => TemplateValue.Number(Part(item, TextFilters.At(given, 0)))))),
        new("selectattr", 1, 1, "selectattr('done')", List, static (value, given) => value.ValueKind == JsonValueKind.Array ? TemplateValue.List(value.EnumerateArray().Where(item => TemplateValue.IsTrue(TemplateValue.Member(item, given[0])))) : null),
        new("rejectattr", 1, 1, "rejectattr('done')", List, static (value, given) => value.ValueKind == JsonValueKind.Array ? TemplateValue.List(value.EnumerateArray().Where(item => !TemplateValue.IsTrue(TemplateValue.Member(item, given[0])))) : null),
    ];

    /// <summary>Of a list its items, of a text its characters; else null.</summary>
    private static List<JsonElement>? Items(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray()],
        JsonValueKind.String => [.. value.GetString()!.Select(static c => TemplateValue.Of(c.ToString()))],
        JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number or JsonValueKind.Object => null,
    };

    private static JsonElement Part(JsonElement item, JsonElement name)
    {
        if (!TemplateValue.IsTrue(name))
        {
            return item;
        }

        foreach (var step in TemplateText.Of(name).Split('.'))
        {
            item = TemplateValue.Member(item, TemplateValue.Of(step));
        }

        return item;
    }

    private static JsonElement? Sorted(JsonElement value, IReadOnlyList<JsonElement> given)
    {
        if (Items(value) is not { } items)
        {
            return null;
        }

        var (sign, isCased) = (TemplateValue.IsTrue(TextFilters.At(given, 0)) ? -1 : 1, TemplateValue.IsTrue(TextFilters.At(given, 1)));
        return TemplateValue.List(items.Order(Comparer<JsonElement>.Create((a, b) =>
        {
            var (x, y) = (Part(a, TextFilters.At(given, 2)), Part(b, TextFilters.At(given, 2)));
            return sign * (!isCased && x.ValueKind == JsonValueKind.String && y.ValueKind == JsonValueKind.String
                ? string.CompareOrdinal(x.GetString()!.ToLowerInvariant(), y.GetString()!.ToLowerInvariant()) : Order(x, y));
        })));
    }

    private static int Order(JsonElement a, JsonElement b) => TemplateValue.Compare(a, b) ?? 0;

    private static int By(IReadOnlyList<JsonElement> given) => TemplateText.Of(TextFilters.At(given, 1)) switch
    {
        "" or "key" => 0,
        "value" => 1,
        _ => throw new TemplateFault("dictsort: it sorts by 'key' or 'value'"),
    };

    private static JsonElement Folded(JsonElement value, IReadOnlyList<JsonElement> given) =>
        value.ValueKind == JsonValueKind.String && !TemplateValue.IsTrue(TextFilters.At(given, 0)) ? TemplateValue.Of(value.GetString()!.ToUpperInvariant()) : value;

    private static JsonElement? Sliced(JsonElement value, IReadOnlyList<JsonElement> given)
    {
        if (Items(value) is not { } items)
        {
            return null;
        }

        var parts = Parts(given);
        var (length, extra, at) = (items.Count / parts, items.Count % parts, 0);
        return TemplateValue.List(Enumerable.Range(0, parts).Select(i =>
        {
            var part = items.GetRange(at, length + (i < extra ? 1 : 0));
            at += part.Count;
            return TemplateValue.List(i >= extra && TemplateValue.IsTrue(TextFilters.At(given, 1)) ? [.. part, given[1]] : part);
        }));
    }

    private static int Parts(IReadOnlyList<JsonElement> given) => TemplateValue.Number(given[0]) is >= 1 and <= MostParts and var parts ? (int)parts : throw new TemplateFault($"the number of parts is from 1 to {MostParts}");
}
