using System.Globalization;
using System.Text.Json;

namespace ModelMigrate.Simulation;

/// <summary>
/// What a simulated model says when it is given tools or a format: a call of the named tool, else of the first, with the least arguments
/// that its schema asks for; or the least JSON that the format's schema asks for. Given the results of tools it answers in words.
/// </summary>
/// <param name="Call">The tool called, or null for an answer.</param>
/// <param name="Pieces">The arguments, or the answer, as they are streamed.</param>
internal sealed record SimulatedSpeech(string? Call, IReadOnlyList<string> Pieces)
{
    private const int PieceLength = 7;

    /// <summary>Null when the request asks for plain words.</summary>
    public static SimulatedSpeech? Of(SimulationProtocol protocol, JsonElement root, string work) =>
        work == "input" ? OfResponse(root) : protocol == SimulationProtocol.OpenAi ? OfChat(root) : OfMessages(root);

    private static SimulatedSpeech? OfChat(JsonElement root)
    {
        var wanted = Text(Member(Member(root, "tool_choice"), "function"), "name");
        if (Text(root, "tool_choice") != "none" && !EndsWithResult(root))
        {
            foreach (var tool in Items(root, "tools"))
            {
                var function = Member(tool, "function");
                if (Text(function, "name") is { } name && (wanted is null || wanted == name))
                {
                    return new SimulatedSpeech(name, Cut(Sample(Member(function, "parameters"), "object")));
                }
            }
        }

        var format = Member(root, "response_format");
        return Text(format, "type") switch
        {
            "json_object" => new SimulatedSpeech(null, Cut("{\"answer\":\"text\"}")),
            "json_schema" => new SimulatedSpeech(null, Cut(Sample(Member(Member(format, "json_schema"), "schema"), "object"))),
            _ => null,
        };
    }

    private static SimulatedSpeech? OfResponse(JsonElement root)
    {
        var wanted = Text(Member(root, "tool_choice"), "name");
        if (Text(root, "tool_choice") != "none" && Text(Items(root, "input").LastOrDefault(), "type") != "function_call_output")
        {
            foreach (var tool in Items(root, "tools"))
            {
                if (Text(tool, "name") is { } name && (wanted is null || wanted == name))
                {
                    return new SimulatedSpeech(name, Cut(Sample(Member(tool, "parameters"), "object")));
                }
            }
        }

        var format = Member(Member(root, "text"), "format");
        return Text(format, "type") switch
        {
            "json_object" => new SimulatedSpeech(null, Cut("{\"answer\":\"text\"}")),
            "json_schema" => new SimulatedSpeech(null, Cut(Sample(Member(format, "schema"), "object"))),
            _ => null,
        };
    }

    private static SimulatedSpeech? OfMessages(JsonElement root)
    {
        var choice = Member(root, "tool_choice");
        var wanted = Text(choice, "name");
        if (Text(choice, "type") != "none" && !EndsWithResult(root))
        {
            foreach (var tool in Items(root, "tools"))
            {
                if (Text(tool, "name") is { } name && (wanted is null || wanted == name))
                {
                    return new SimulatedSpeech(name, Cut(Sample(Member(tool, "input_schema"), "object")));
                }
            }
        }

        var format = Member(Member(root, "output_config"), "format");
        return Text(format, "type") == "json_schema" ? new SimulatedSpeech(null, Cut(Sample(Member(format, "schema"), "object"))) : null;
    }

    private static bool EndsWithResult(JsonElement root)
    {
        var last = Items(root, "messages").LastOrDefault();
        return Text(last, "role") == "tool" || Items(last, "content").Any(block => Text(block, "type") == "tool_result");
    }

    /// <summary>The least value that a JSON Schema asks for, as JSON.</summary>
    private static string Sample(JsonElement schema, string otherwise)
    {
        if (Items(schema, "enum").ToList() is [var first, ..])
        {
            return first.GetRawText();
        }

        switch (Text(schema, "type") ?? otherwise)
        {
            case "object":
                var required = Items(schema, "required").Select(name => name.GetString()).ToHashSet(StringComparer.Ordinal);
                var members = Member(schema, "properties") is { ValueKind: JsonValueKind.Object } properties ? properties.EnumerateObject().ToList() : [];
                return "{" + string.Join(',', members.Where(m => required.Count == 0 || required.Contains(m.Name)).Select(m => $"\"{JsonEncodedText.Encode(m.Name)}\":{Sample(m.Value, "string")}")) + "}";
            case "array":
                return $"[{Sample(Member(schema, "items"), "string")}]";
            case "integer" or "number":
                return Member(schema, "minimum") is { ValueKind: JsonValueKind.Number } least ? least.GetDouble().ToString(CultureInfo.InvariantCulture) : "1";
            case "boolean":
                return "true";
            case "null":
                return "null";
            default:
                return "\"text\"";
        }
    }

    private static List<string> Cut(string text) => [.. text.Chunk(PieceLength).Select(piece => new string(piece))];

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
