using System.Collections.Concurrent;
using System.Text.Json;

namespace ModelMigrate.Simulation.Formats;

/// <summary>The OpenAI responses protocol. Answers are kept, so that they can be gone on with, read and deleted.</summary>
internal sealed class ResponseFormat : OpenAiFormat
{
    private const int MostKept = 100_000;

    private readonly ConcurrentDictionary<string, string> _kept = new(StringComparer.Ordinal);

    public override string ChatPath => "/v1/responses";

    public override string Work => "input";

    /// <summary>The answer kept under an id, or null.</summary>
    public string? Find(string id) => _kept.GetValueOrDefault(id);

    public bool Remove(string id) => _kept.TryRemove(id, out _);

    public override SimulatedRequest? Read(SimulationProtocol protocol, string? contentType, ReadOnlyMemory<byte> body, out string problem)
    {
        var request = base.Read(protocol, contentType, body, out problem);
        if (request is not null)
        {
            using var root = JsonDocument.Parse(body);
            if (root.RootElement.TryGetProperty("previous_response_id", out var previous) && previous.GetString() is { } id && !_kept.ContainsKey(id))
            {
                problem = $"Previous response with id '{id}' not found.";
                return null;
            }
        }

        return request;
    }

    public override string Plain(SimulatedRequest request, SimulatedAnswer answer)
    {
        var whole = Response(request, answer, IsCutShort(request, answer) ? "incomplete" : "completed", Item(request, answer, isWhole: true));
        if (_kept.Count < MostKept)
        {
            _kept[Id(answer)] = whole;
        }

        return whole;
    }

    public override string StreamHead(SimulatedRequest request, SimulatedAnswer answer)
    {
        var begun = Response(request, answer, "in_progress", null);
        return Event("response.created", $"\"response\":{begun}") + Event("response.in_progress", $"\"response\":{begun}")
            + Event("response.output_item.added", $"\"output_index\":0,\"item\":{Item(request, answer, isWhole: false)}")
            + (request.Speech?.Call is null ? Event("response.content_part.added", $"{Place(answer)},\"content_index\":0,\"part\":{Part("")}") : "");
    }

    public override string StreamToken(SimulatedRequest request, SimulatedAnswer answer, string token) => request.Speech?.Call is null
        ? Event("response.output_text.delta", $"{Place(answer)},\"content_index\":0,\"delta\":{Quote(token)},\"logprobs\":[]")
        : Event("response.function_call_arguments.delta", $"{Place(answer)},\"delta\":{Quote(token)}");

    public override string StreamTail(SimulatedRequest request, SimulatedAnswer answer)
    {
        var said = Said(request, answer);
        var ends = request.Speech?.Call is null
            ? Event("response.output_text.done", $"{Place(answer)},\"content_index\":0,\"text\":{Quote(said)},\"logprobs\":[]")
                + Event("response.content_part.done", $"{Place(answer)},\"content_index\":0,\"part\":{Part(said)}")
            : Event("response.function_call_arguments.done", $"{Place(answer)},\"arguments\":{Quote(said)}");
        return ends + Event("response.output_item.done", $"\"output_index\":0,\"item\":{Item(request, answer, isWhole: true)}")
            + Event(IsCutShort(request, answer) ? "response.incomplete" : "response.completed", $"\"response\":{Plain(request, answer)}");
    }

    private static string Response(SimulatedRequest request, SimulatedAnswer answer, string status, string? item)
    {
        var incomplete = status == "incomplete" ? """{"reason":"max_output_tokens"}""" : "null";
        var output = Length(request, answer);
        var usage = item is null ? "null" : $$$"""{"input_tokens":{{{request.InputTokens}}},"input_tokens_details":{"cached_tokens":0},"output_tokens":{{{output}}},"output_tokens_details":{"reasoning_tokens":0},"total_tokens":{{{request.InputTokens + output}}}}""";
        return $$$"""{"id":"{{{Id(answer)}}}","object":"response","created_at":{{{Created(answer)}}},"status":"{{{status}}}","background":false,"error":null,"incomplete_details":{{{incomplete}}},"instructions":null,"max_output_tokens":null,"model":{{{Quote(request.Model)}}},"output":[{{{item}}}],"parallel_tool_calls":true,"previous_response_id":null,"store":true,"temperature":1.0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,"truncation":"disabled","usage":{{{usage}}},"metadata":{}}""";
    }

    private static string Item(SimulatedRequest request, SimulatedAnswer answer, bool isWhole)
    {
        var status = isWhole ? "completed" : "in_progress";
        var said = isWhole ? Said(request, answer) : "";
        return request.Speech?.Call is { } name
            ? $$"""{"id":"{{ItemId(answer)}}","type":"function_call","status":"{{status}}","call_id":"call_{{answer.Id:x16}}","name":{{Quote(name)}},"arguments":{{Quote(said)}}}"""
            : $$"""{"id":"{{ItemId(answer)}}","type":"message","status":"{{status}}","role":"assistant","content":[{{(isWhole ? Part(said) : "")}}]}""";
    }

    private static string Part(string text) => $$"""{"type":"output_text","text":{{Quote(text)}},"annotations":[],"logprobs":[]}""";

    private static string Place(SimulatedAnswer answer) => $"\"item_id\":\"{ItemId(answer)}\",\"output_index\":0";

    private static string Id(SimulatedAnswer answer) => $"resp_{answer.Id:x16}";

    private static string ItemId(SimulatedAnswer answer) => $"item_{answer.Id:x16}";

    private static string Event(string type, string members) => $"event: {type}\ndata: {{\"type\":\"{type}\",{members}}}\n\n";
}
