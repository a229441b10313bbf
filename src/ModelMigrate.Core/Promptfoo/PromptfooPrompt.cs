using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo;

/// <summary>One prompt: a text, or a conversation that is written as JSON, with places for variables.</summary>
public sealed class PromptfooPrompt
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Template _text;
    private readonly JsonNode? _json;
    private readonly Func<string, string?> _environment;

    private PromptfooPrompt(string raw, string label, Template text, JsonNode? json, Func<string, string?> environment) => (Raw, Label, _text, _json, _environment) = (raw, label, text, json, environment);

    /// <summary>As written.</summary>
    public string Raw { get; }

    public string Label { get; }

    /// <summary>The prompt, or null and what of it is not understood.</summary>
    internal static PromptfooPrompt? TryRead(string raw, string? label, Func<string, string?> environment, out string wrong)
    {
        var text = Template.TryParse(raw, environment, out wrong);
        return text is null ? null : new PromptfooPrompt(raw, label ?? raw, text, Json(raw) is { } json && IsFilledByParts(json, environment) ? json : null, environment);
    }

    /// <summary>The prompt with its variables; or null and why a variable cannot stand there.</summary>
    public string? Render(IReadOnlyDictionary<string, JsonElement> vars, out string fault)
    {
        if (_json is null)
        {
            return _text.Render(vars, out fault);
        }

        // In JSON each text is filled by itself, so that quotes in a variable stay within it.
        fault = "";
        return Filled(_json, vars, ref fault) is var filled && fault.Length == 0 ? filled!.ToJsonString(s_json) : null;
    }

    private JsonNode? Filled(JsonNode? node, IReadOnlyDictionary<string, JsonElement> vars, ref string fault)
    {
        switch (node)
        {
            case JsonObject group:
                var filled = new JsonObject();
                foreach (var (key, value) in group)
                {
                    filled[key] = Filled(value, vars, ref fault);
                }

                return filled;
            case JsonArray list:
                var items = new JsonArray();
                foreach (var item in list)
                {
                    items.Add(Filled(item, vars, ref fault));
                }

                return items;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String && Template.TryParse(value.GetValue<string>(), _environment, out _) is { } template:
                var text = template.Render(vars, out var wrong);
                fault = wrong.Length > 0 ? wrong : fault;
                return text;
            default:
                return node?.DeepClone();
        }
    }

    /// <summary>Whether each text of it is a template by itself. A statement that goes over several is one of the whole prompt, as in promptfoo.</summary>
    private static bool IsFilledByParts(JsonNode? node, Func<string, string?> environment) => node switch
    {
        JsonObject group => group.All(member => IsFilledByParts(member.Value, environment)),
        JsonArray list => list.All(item => IsFilledByParts(item, environment)),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Template.TryParse(value.GetValue<string>(), environment, out _) is not null,
        _ => true,
    };

    private static JsonNode? Json(string raw)
    {
        try
        {
            return raw.AsSpan().TrimStart() is ['[' or '{', ..] ? JsonNode.Parse(raw) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
