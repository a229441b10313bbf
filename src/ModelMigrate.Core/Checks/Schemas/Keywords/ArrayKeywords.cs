using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas.Reading;

namespace ModelMigrate.Core.Checks.Schemas.Keywords;

/// <summary>Keywords about an array's items. They pass over what is no array.</summary>
internal static class ArrayKeywords
{
    public static Keyword? Read(SchemaSource source, JsonProperty member) => member.Name switch
    {
        "prefixItems" when !source.IsDraft7 => Prefix("prefixItems", source.Many("prefixItems", member.Value)),
        "items" when source.IsDraft7 && member.Value.ValueKind == JsonValueKind.Array => Prefix("items", source.Many("items", member.Value)),
        "items" => Rest("items", source.Sub("items", member.Value), source.IsDraft7 ? 0 : Length(source, "prefixItems")),
        "additionalItems" when source.IsDraft7 => source.Schema.TryGetProperty("items"u8, out var items) && items.ValueKind == JsonValueKind.Array
            ? Rest("additionalItems", source.Sub("additionalItems", member.Value), items.GetArrayLength())
            : null,
        "contains" => Contains(source, source.Sub("contains", member.Value)),
        "unevaluatedItems" when !source.IsDraft7 => Unevaluated(source.Sub("unevaluatedItems", member.Value)),
        _ => null,
    };

    private static Keyword Prefix(string keyword, List<SchemaNode> schemas) => OnArrays(
        keyword,
        (items, run) =>
        {
            var holds = true;
            var end = Math.Min(schemas.Count, items.GetArrayLength());
            for (var i = 0; i < end; i++)
            {
                holds &= run.Item(schemas[i], i, items[i]);
            }

            run.Seen?.Items(end);
            return holds;
        });

    private static Keyword Rest(string keyword, SchemaNode schema, int from) => OnArrays(
        keyword,
        (items, run) =>
        {
            var holds = true;
            var i = 0;
            foreach (var item in items.EnumerateArray())
            {
                holds &= i < from || run.Item(schema, i, item);
                i++;
            }

            run.Seen?.Items(i);
            return holds;
        });

    private static Keyword Contains(SchemaSource source, SchemaNode schema)
    {
        var least = Bound(source, "minContains") ?? 1;
        var most = Bound(source, "maxContains") ?? long.MaxValue;
        var node = source.Node;
        return OnArrays(
            "contains",
            (items, run) =>
            {
                var count = 0L;
                var i = 0;
                foreach (var item in items.EnumerateArray())
                {
                    var (at, it) = (i++, item);
                    if (run.Quietly(() => run.Item(schema, at, it)))
                    {
                        count++;
                        run.Seen?.Item(at);
                    }
                }

                return (count >= least || run.Fail(node, "contains", $"has {count} matching items, must have at least {least}"))
                    & (count <= most || run.Fail(node, "maxContains", $"has {count} matching items, must have at most {most}"));
            });
    }

    private static Keyword Unevaluated(SchemaNode schema) => OnArrays(
        "unevaluatedItems",
        (items, run) =>
        {
            var holds = true;
            var i = 0;
            foreach (var item in items.EnumerateArray())
            {
                holds &= run.Seen!.HasItem(i) || run.Item(schema, i, item);
                i++;
            }

            run.Seen!.Items(i);
            return holds;
        }) with
    {
        Order = 1,
    };

    private static long? Bound(SchemaSource source, string keyword) =>
        !source.IsDraft7 && source.Node.Resource.Dialect.Validates && source.Schema.TryGetProperty(keyword, out var value) ? AssertionKeywords.Count(value) : null;

    private static int Length(SchemaSource source, string keyword) =>
        source.Schema.TryGetProperty(keyword, out var value) && value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : 0;

    private static Keyword OnArrays(string keyword, KeywordCheck check) =>
        new(keyword, (instance, run) => instance.ValueKind != JsonValueKind.Array || check(instance, run));
}
