using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>What may stand after <c>is</c>.</summary>
internal static class TemplateTests
{
    private static readonly Dictionary<string, Func<JsonElement, JsonElement, bool>> s_tests = new(StringComparer.Ordinal)
    {
        ["defined"] = static (value, _) => value.ValueKind != JsonValueKind.Undefined,
        ["undefined"] = static (value, _) => value.ValueKind == JsonValueKind.Undefined,
        ["none"] = static (value, _) => value.ValueKind == JsonValueKind.Null,
        ["null"] = static (value, _) => value.ValueKind == JsonValueKind.Null,
        ["string"] = static (value, _) => value.ValueKind == JsonValueKind.String,
        ["number"] = static (value, _) => value.ValueKind == JsonValueKind.Number,
        ["mapping"] = static (value, _) => value.ValueKind == JsonValueKind.Object,
        ["iterable"] = static (value, _) => value.ValueKind is JsonValueKind.Array or JsonValueKind.String,
        ["truthy"] = static (value, _) => TemplateValue.IsTrue(value),
        ["falsy"] = static (value, _) => !TemplateValue.IsTrue(value),
        ["even"] = static (value, _) => TemplateValue.Number(value) % 2 == 0,
        ["odd"] = static (value, _) => TemplateValue.Number(value) % 2 == 1,
        ["divisibleby"] = static (value, other) => TemplateValue.Number(value) % TemplateValue.Number(other) == 0,
        ["equalto"] = TemplateValue.Same,
        ["eq"] = TemplateValue.Same,
        ["sameas"] = TemplateValue.Same,
        ["ne"] = static (value, other) => !TemplateValue.Same(value, other),
        ["ge"] = static (value, other) => TemplateValue.Compare(value, other) >= 0,
        ["gt"] = static (value, other) => TemplateValue.Compare(value, other) > 0,
        ["greaterthan"] = static (value, other) => TemplateValue.Compare(value, other) > 0,
        ["le"] = static (value, other) => TemplateValue.Compare(value, other) <= 0,
        ["lt"] = static (value, other) => TemplateValue.Compare(value, other) < 0,
        ["lessthan"] = static (value, other) => TemplateValue.Compare(value, other) < 0,
        ["lower"] = static (value, _) => TemplateText.Of(value).All(static c => char.ToLowerInvariant(c) == c),
        ["upper"] = static (value, _) => TemplateText.Of(value).All(static c => char.ToUpperInvariant(c) == c),
    };

    public static IEnumerable<string> Names => s_tests.Keys;

    public static Func<JsonElement, JsonElement, bool>? Find(string name) => s_tests.GetValueOrDefault(name);
}
