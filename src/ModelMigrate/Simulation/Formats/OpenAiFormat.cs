namespace ModelMigrate.Simulation.Formats;

/// <summary>The OpenAI chat completions protocol.</summary>
internal class OpenAiFormat : AnswerFormat
{
    public override string ChatPath => "/v1/chat/completions";

    public override string RequestIdHeader => "x-request-id";

    public override IReadOnlyList<int> ErrorStatuses { get; } = [500, 502, 503];

    public override string Plain(SimulatedRequest request, SimulatedAnswer answer) =>
        $$"""
        {"id":"chatcmpl-{{answer.Id:x16}}","object":"chat.completion","created":{{Created(answer)}},"model":{{Quote(request.Model)}},"choices":[{"index":0,"message":{{Message(request, answer)}},"logprobs":null,"finish_reason":"{{Finish(request, answer)}}"}],"usage":{{Usage(request, answer)}},"service_tier":"default","system_fingerprint":"fp_simulated"}
        """;

    public override string StreamHead(SimulatedRequest request, SimulatedAnswer answer) =>
        Chunk(request, answer, """{"role":"assistant","content":"","refusal":null}""", "null")
        + (request.Speech?.Call is { } name
            ? Chunk(request, answer, $$$"""{"tool_calls":[{"index":0,"id":"{{{CallId(answer)}}}","type":"function","function":{"name":{{{Quote(name)}}},"arguments":""}}]}""", "null")
            : "");

    public override string StreamToken(SimulatedRequest request, SimulatedAnswer answer, string token) =>
        Chunk(
            request, answer,
            request.Speech?.Call is null ? $$"""{"content":{{Quote(token)}}}""" : $$$$"""{"tool_calls":[{"index":0,"function":{"arguments":{{{{Quote(token)}}}}}}]}""", "null");

    public override string StreamTail(SimulatedRequest request, SimulatedAnswer answer)
    {
        var usage = request.IncludeUsage
            ? $"data: {Envelope(request, answer)},\"choices\":[],\"usage\":{Usage(request, answer)}}}\n\n"
            : "";
        return Chunk(request, answer, "{}", $"\"{Finish(request, answer)}\"") + usage + "data: [DONE]\n\n";
    }

    public override string Error(int status, string message, ulong id)
    {
        var (type, code) = status switch
        {
            429 => ("requests", "\"rate_limit_exceeded\""),
            404 => ("invalid_request_error", "\"model_not_found\""),
            < 500 => ("invalid_request_error", "null"),
            _ => ("server_error", "null"),
        };
        return $$$"""{"error":{"message":{{{Quote(message)}}},"type":"{{{type}}}","param":null,"code":{{{code}}}}}""";
    }

    public override string Models(string model) =>
        $$"""{"object":"list","data":[{"id":{{Quote(model)}},"object":"model","created":1767225600,"owned_by":"simulation"}]}""";

    private static string Message(SimulatedRequest request, SimulatedAnswer answer) => request.Speech?.Call is { } name
        ? $$$$"""{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"{{{{CallId(answer)}}}}","type":"function","function":{"name":{{{{Quote(name)}}}},"arguments":{{{{Quote(Said(request, answer))}}}}}}]}"""
        : $$"""{"role":"assistant","content":{{Quote(Said(request, answer))}},"refusal":null}""";

    private static string CallId(SimulatedAnswer answer) => $"call_{answer.Id:x16}";

    protected static string Finish(SimulatedRequest request, SimulatedAnswer answer) => request.Speech?.Call is not null ? "tool_calls" : IsCutShort(request, answer) ? "length" : "stop";

    protected static string Usage(SimulatedRequest request, SimulatedAnswer answer)
    {
        var output = Length(request, answer);
        return $$"""{"prompt_tokens":{{request.InputTokens}},"completion_tokens":{{output}},"total_tokens":{{request.InputTokens + output}}}""";
    }

    private static string Envelope(SimulatedRequest request, SimulatedAnswer answer) =>
        $$"""{"id":"chatcmpl-{{answer.Id:x16}}","object":"chat.completion.chunk","created":{{Created(answer)}},"model":{{Quote(request.Model)}},"system_fingerprint":"fp_simulated" """.TrimEnd();

    private static string Chunk(SimulatedRequest request, SimulatedAnswer answer, string delta, string finish)
    {
        var usage = request.IncludeUsage ? ",\"usage\":null" : "";
        return $"data: {Envelope(request, answer)},\"choices\":[{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":{finish}}}]{usage}}}\n\n";
    }
}
