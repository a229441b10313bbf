using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Promptfoo.Asserting.Scripts;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo;

/// <summary>A server that is asked over plain HTTP: what it is sent, with places for variables and <c>{{prompt}}</c>, and where in its answer the output stands.</summary>
public sealed class PromptfooHttp
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal PromptfooHttp(Func<string, string?> environment) => Environment = environment;

    public required string Method { get; init; }

    /// <summary>For one try; null for the run's.</summary>
    public TimeSpan? Timeout { get; init; }

    public required string Url { get; init; }

    internal IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    internal IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>A text, or JSON whose texts are filled each by itself; undefined for none.</summary>
    internal JsonElement Body { get; init; }

    /// <summary>Reads the output out of <c>json</c> and <c>text</c>; null for the whole answer.</summary>
    internal ScriptExpression? Output { get; init; }

    /// <summary>What the expression calls the answer as JSON and as text.</summary>
    internal (string Json, string Text) Names { get; init; } = ("json", "text");

    private Func<string, string?> Environment { get; }

    /// <summary>The request for one prompt; or null and why it cannot be made.</summary>
    public PromptfooHttpRequest? Request(string prompt, IReadOnlyDictionary<string, JsonElement> vars, out string fault)
    {
        var all = new Dictionary<string, JsonElement>(vars, StringComparer.Ordinal) { ["prompt"] = TemplateText.From(prompt) };
        fault = "";
        var (address, headers) = (Text(Url, all, ref fault), Filled(Headers, all, ref fault));
        var query = string.Join('&', Filled(Query, all, ref fault).Select(static pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        var (body, isJson) = Filled(all, ref fault);
        if (fault.Length > 0)
        {
            return null;
        }

        if (Uri.TryCreate(query.Length == 0 ? address : $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}", UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return new PromptfooHttpRequest(Method, url, headers, body, isJson);
        }

        fault = "With its variables the url is no address.";
        return null;
    }

    /// <summary>The output of an answer; or null and why there is none.</summary>
    public string? Read(string answer, IReadOnlyDictionary<string, JsonElement> vars, out string fault)
    {
        fault = "";
        var json = Parsed(answer);
        if (Output is null)
        {
            return json is null ? answer : Text(ScriptValue.From(json.Value)) is { Length: > 0 } whole ? whole : answer;
        }

        var found = Output.Evaluate(
            new ScriptScope(answer, vars) { Names = new Dictionary<string, object?>(StringComparer.Ordinal) { [Names.Json] = json is null ? null : ScriptValue.From(json.Value), [Names.Text] = answer } }, out fault);
        if (fault.Length > 0 || found is null or ScriptValue.Nothing)
        {
            fault = fault.Length > 0 ? $"transformResponse cannot read the answer: {fault}." : "transformResponse finds nothing in the answer.";
            return null;
        }

        return Text(found);
    }

    private static string Text(object? value) => value switch
    {
        JsonElement json => JsonSerializer.Serialize(json, s_json),
        List<object?> list => JsonSerializer.Serialize(list, s_json),
        null => "",
        _ => ScriptValue.Text(value),
    };

    private List<KeyValuePair<string, string>> Filled(IReadOnlyList<KeyValuePair<string, string>> pairs, Dictionary<string, JsonElement> vars, ref string fault)
    {
        var filled = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in pairs)
        {
            filled.Add(KeyValuePair.Create(name, Text(value, vars, ref fault)));
        }

        return filled;
    }

    private string Text(string text, IReadOnlyDictionary<string, JsonElement> vars, ref string fault)
    {
        if (Template.TryParse(text, Environment, out var wrong)?.Render(vars, out wrong) is { } filled)
        {
            return filled;
        }

        fault = wrong;
        return "";
    }

    /// <summary>As promptfoo: in JSON each text is filled by itself, and one that then is a list or group of JSON stands as that; a text that is to be JSON gets its variables escaped.</summary>
    private (string? Body, bool IsJson) Filled(Dictionary<string, JsonElement> vars, ref string fault)
    {
        if (Body.ValueKind == JsonValueKind.Undefined)
        {
            return (null, false);
        }

        if (Body.ValueKind != JsonValueKind.String)
        {
            return (Filled(JsonNode.Parse(Body.GetRawText()), vars, ref fault)?.ToJsonString(s_json) ?? "null", true);
        }

        var text = Text(Body.GetString()!, vars, ref fault);
        if (Parsed(text) is not null)
        {
            return (text, true);
        }

        if (text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            var escaped = vars.ToDictionary(
                static pair => pair.Key, static pair => pair.Value.ValueKind == JsonValueKind.String ? TemplateText.From(JsonSerializer.Serialize(pair.Value, s_json)[1..^1]) : pair.Value, StringComparer.Ordinal);
            var json = Text(Body.GetString()!, escaped, ref fault);
            return Parsed(json) is null ? (text, false) : (json, true);
        }

        return (text, false);
    }

    private JsonNode? Filled(JsonNode? node, Dictionary<string, JsonElement> vars, ref string fault)
    {
        switch (node)
        {
            case JsonObject group:
                var members = new JsonObject();
                foreach (var (key, value) in group)
                {
                    members[key] = Filled(value, vars, ref fault);
                }

                return members;
            case JsonArray list:
                var items = new JsonArray();
                foreach (var item in list)
                {
                    items.Add(Filled(item, vars, ref fault));
                }

                return items;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                var text = Text(value.GetValue<string>(), vars, ref fault);
                return text.AsSpan().TrimStart() is ['{' or '[', ..] && Parsed(text) is { } parsed ? JsonNode.Parse(parsed.GetRawText()) : text;
            default:
                return node?.DeepClone();
        }
    }

    private static JsonElement? Parsed(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
