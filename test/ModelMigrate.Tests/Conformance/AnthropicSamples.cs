using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Conformance;

/// <summary>The messages protocol.</summary>
internal sealed record AnthropicSamples : KitSamples
{
    private const string Schema = """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}""";

    public override string Configuration => "kind: anthropic, apiKey: \"${KEY}\"";

    public override string CredentialHeader => "x-api-key";

    public override string Target => "/v1/messages";

    public override string HealthTarget => "/v1/models?limit=1";

    public override string InfoTarget => "/v1/models/m-name";

    public override string Whole => ChatSamples.AnthropicAnswer;

    public override IReadOnlyList<string> Events => ChatSamples.AnthropicEvents;

    public override int BeforeContent => 3;

    public override string ToolAnswer => Answer("""{"type":"tool_use","id":"toolu_2","name":"f","input":{"a":2}}""", "tool_use");

    public override IReadOnlyList<string> ToolEvents =>
    [
        ChatSamples.AnthropicEvents[0],
        Event("""{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_2","name":"f","input":{}}}"""),
        Event("""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\""}}"""),
        Event("""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":":2}"}}"""),
        Event("""{"type":"content_block_stop","index":0}"""),
        Event("""{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":3}}"""), Event("""{"type":"message_stop"}"""),
    ];

    public override string JsonAnswer => Answer("""{"type":"tool_use","id":"toolu_2","name":"answer_in_json","input":{"a":2}}""", "tool_use");

    public override string UsageAnswer => Answer("""{"type":"text","text":"A"}""", "end_turn").Replace(
        """{"input_tokens":1,"output_tokens":1}""", """{"input_tokens":60,"cache_creation_input_tokens":10,"cache_read_input_tokens":30,"output_tokens":40}""",
        StringComparison.Ordinal);

    public override Usage Usage => new(100, 40, 30, 10);

    public override IReadOnlyList<(string Word, FinishReason Finish)> StopReasons =>
    [
        ("end_turn", FinishReason.Stop), ("max_tokens", FinishReason.Length), ("stop_sequence", FinishReason.StopText), ("refusal", FinishReason.ContentFilter),
        ("model_context_window_exceeded", FinishReason.Length), ("pause_turn", FinishReason.Stop),
    ];

    public override IReadOnlyList<(string At, string Json)> Basics =>
    [
        ("/model", "\"m-name\""), ("/temperature", "0.5"), ("/top_p", "0.9"), ("/stop_sequences", """["END"]"""), ("/max_tokens", "50"),
        ("/metadata/user_id", "\"u1\""),
    ];

    public override IReadOnlyList<(string At, string Json)> Tools =>
    [
        ("/tools/0", $$"""{"name":"f","description":"d","input_schema":{{Schema}}}"""), ("/tool_choice", """{"type":"any"}"""),
        ("/messages/1/content/0", """{"type":"tool_use","id":"abcdefghi","name":"f","input":{"a":1}}"""),
        ("/messages/2/content/0", """{"type":"tool_result","tool_use_id":"abcdefghi","content":"R"}"""),
    ];

    public override IReadOnlyList<(string At, string Json)> Image =>
        [("/messages/0/content/1", """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}""")];

    public override IReadOnlyList<(string At, string Json)> Format => [("/tools/0/input_schema", Schema), ("/tool_choice/name", "\"answer_in_json\"")];

    public override string TooLong =>
        """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}""";

    public override string? Forbidden =>
        """{"type":"error","error":{"type":"invalid_request_error","message":"Output blocked by content filtering policy"}}""";

    public override string Info => """{"type":"model","id":"m-name","display_name":"M","max_input_tokens":200000,"max_tokens":64000}""";

    public override int? ContextLength => 200_000;

    public override string Error(string message) => $$$"""{"type":"error","error":{"type":"api_error","message":"{{{message}}}"}}""";

    public override byte[] ErrorEvent(string message) => Encoding.UTF8.GetBytes($"event: error\ndata: {Error(message)}\n\n");

    public override string Ended(string word) => Answer("""{"type":"text","text":"A"}""", word);

    public override IReadOnlyList<string> TextsOf(JsonElement body) =>
    [
        body.GetProperty("system").GetString()!,
        .. body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content")[0].GetProperty("text").GetString()!),
    ];

    private static string Answer(string block, string stop) =>
        $$$"""{"id":"msg_1","type":"message","role":"assistant","model":"a-2026","content":[{{{block}}}],"stop_reason":"{{{stop}}}","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}""";

    private static string Event(string json) => $"event: {JsonDocument.Parse(json).RootElement.GetProperty("type").GetString()}\ndata: {json}\n\n";
}
