namespace ModelMigrate.Simulation.Formats;

/// <summary>The Anthropic messages protocol.</summary>
internal sealed class AnthropicFormat : AnswerFormat
{
    public override string ChatPath => "/v1/messages";

    public override string RequestIdHeader => "request-id";

    public override IReadOnlyList<int> ErrorStatuses { get; } = [500, 503, 529];

    public override string Plain(SimulatedRequest request, SimulatedAnswer answer) =>
        $$$"""
        {"id":"msg_{{{answer.Id:x16}}}","type":"message","role":"assistant","model":{{{Quote(request.Model)}}},"content":[{{{Block(request, answer)}}}],"stop_reason":"{{{Stop(request, answer)}}}","stop_sequence":null,"usage":{"input_tokens":{{{request.InputTokens}}},"output_tokens":{{{Length(request, answer)}}}}}
        """;

    public override string StreamHead(SimulatedRequest request, SimulatedAnswer answer) =>
        Event("message_start", $$$$"""{"type":"message_start","message":{"id":"msg_{{{{answer.Id:x16}}}}","type":"message","role":"assistant","model":{{{{Quote(request.Model)}}}},"content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":{{{{request.InputTokens}}}},"output_tokens":1}}}""")
        + Event("content_block_start", request.Speech?.Call is { } name
            ? $$$$"""{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"{{{{CallId(answer)}}}}","name":{{{{Quote(name)}}}},"input":{}}}"""
            : """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""")
        + Event("ping", """{"type":"ping"}""");

    public override string StreamToken(SimulatedRequest request, SimulatedAnswer answer, string token) =>
        Event("content_block_delta", request.Speech?.Call is null
            ? $$$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":{{{{Quote(token)}}}}}}"""
            : $$$$"""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":{{{{Quote(token)}}}}}}""");

    public override string StreamTail(SimulatedRequest request, SimulatedAnswer answer) =>
        Event("content_block_stop", """{"type":"content_block_stop","index":0}""")
        + Event("message_delta", $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{Stop(request, answer)}}}","stop_sequence":null},"usage":{"output_tokens":{{{Length(request, answer)}}}}}""")
        + Event("message_stop", """{"type":"message_stop"}""");

    public override string Error(int status, string message, ulong id)
    {
        var type = status switch
        {
            404 => "not_found_error",
            429 => "rate_limit_error",
            529 => "overloaded_error",
            < 500 => "invalid_request_error",
            _ => "api_error",
        };
        return $$$"""{"type":"error","error":{"type":"{{{type}}}","message":{{{Quote(message)}}}},"request_id":"req_{{{id:x16}}}"}""";
    }

    public override string Models(string model) =>
        $$"""{"data":[{"type":"model","id":{{Quote(model)}},"display_name":{{Quote(model)}},"created_at":"2026-01-01T00:00:00Z"}],"has_more":false,"first_id":{{Quote(model)}},"last_id":{{Quote(model)}}}""";

    private static string Block(SimulatedRequest request, SimulatedAnswer answer) => request.Speech?.Call is { } name
        ? $$$$"""{"type":"tool_use","id":"{{{{CallId(answer)}}}}","name":{{{{Quote(name)}}}},"input":{{{{Said(request, answer)}}}}}"""
        : $$"""{"type":"text","text":{{Quote(Said(request, answer))}}}""";

    private static string CallId(SimulatedAnswer answer) => $"toolu_{answer.Id:x16}";

    private static string Stop(SimulatedRequest request, SimulatedAnswer answer) => request.Speech?.Call is not null ? "tool_use" : IsCutShort(request, answer) ? "max_tokens" : "end_turn";

    private static string Event(string name, string data) => $"event: {name}\ndata: {data}\n\n";
}
