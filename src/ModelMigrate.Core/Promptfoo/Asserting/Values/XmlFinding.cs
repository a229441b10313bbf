using System.Text.Json;
using System.Xml;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Asserting.Values;

/// <summary>What an answer holds as XML: well-formed by System.Xml, with the elements that are asked for, each named by its path (<c>root.item</c>).</summary>
internal static class XmlFinding
{
    private const string Listed = "requiredElements";

    public static Finding Whole(AssertionInput input)
    {
        var names = Names(input.Value);
        return Broken(input.Output, ConformanceLevel.Document) is { } broken ? Finding.Of(holds: false, $"be XML: {broken}") : Needs(XmlScan.Groups(input.Output) is [var root, ..] ? root : [], names, "be XML");
    }

    /// <summary>Elements that stand beside each other count as one; in compat they need be no more than opened and closed in order.</summary>
    public static Finding Within(AssertionInput input)
    {
        var (names, groups) = (Names(input.Value), XmlScan.Groups(input.Output));
        var parts = input.Mode == PromptfooMode.Compat ? groups : groups.SelectMany(group => IsSound(input.Output, group) ? [group] : group.Where(each => IsSound(input.Output, [each])).Select(static each => (IReadOnlyList<XmlSpan>)[each]));
        return Finding.Of(parts.Any(part => names.All(name => XmlSpan.Has(part, name.Split('.')))), $"contain XML{(names.Count == 0 ? "" : $" with {string.Join(", ", names)}")}");
    }

    /// <summary>Whether a value is what <see cref="Names"/> reads: names in a text with commas, a list, under <c>requiredElements</c>; or nothing.</summary>
    public static bool Fits(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => !value.EnumerateObject().Any() || (value.TryGetProperty(Listed, out var listed) && listed.ValueKind == JsonValueKind.Array && Fits(listed)),
        JsonValueKind.Array => value.EnumerateArray().All(static item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number),
        JsonValueKind.Undefined or JsonValueKind.Null => true,
        JsonValueKind.String => value.GetString()!.Length > 0,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => false,
    };

    private static IReadOnlyList<string> Names(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.TryGetProperty(Listed, out var listed) ? Names(listed) : [],
        JsonValueKind.Array => [.. value.EnumerateArray().Select(TemplateText.Of)],
        JsonValueKind.String => [.. value.GetString()!.Split(',').Select(static name => name.Trim())],
        JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => [],
    };

    private static Finding Needs(IReadOnlyList<XmlSpan> roots, IReadOnlyList<string> names, string says)
    {
        var missing = names.Where(name => !XmlSpan.Has(roots, name.Split('.'))).ToList();
        return Finding.Of(missing.Count == 0, $"{says}{(names.Count == 0 ? "" : $" with {string.Join(", ", names)}; missing: {string.Join(", ", missing)}")}");
    }

    private static bool IsSound(string text, IReadOnlyList<XmlSpan> group) => Broken(text[group[0].Start..group[^1].End], ConformanceLevel.Fragment) is null;

    /// <summary>Why it is not well-formed, or null. Declarations of a document's own are not read, so that none can grow.</summary>
    private static string? Broken(string text, ConformanceLevel level)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings
            {
                ConformanceLevel = level, XmlResolver = null, DtdProcessing = level == ConformanceLevel.Document ? DtdProcessing.Parse : DtdProcessing.Prohibit, MaxCharactersFromEntities = 1,
            });
            while (reader.Read())
            {
                if (reader is { NodeType: XmlNodeType.DocumentType, Value.Length: > 0 })
                {
                    return "its DOCTYPE has declarations, which are not read";
                }
            }

            return null;
        }
        catch (XmlException wrong)
        {
            return wrong.Message;
        }
    }
}
