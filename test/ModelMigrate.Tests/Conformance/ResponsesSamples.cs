using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Tests.Conformance;

/// <summary>The responses protocol, as OpenAI speaks it.</summary>
internal sealed record ResponsesSamples() : OpenAiSamples("openai")
{
    private const string Schema = """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}""";

    private const string Counts = """{"input_tokens":7,"output_tokens":3}""";

    public override string Model => "name: m-name, protocol: responses";

    public override string Target => BasePath + "/responses";

    public override string Whole => Response(Message("Hi there"), """{"input_tokens":7,"input_tokens_details":{"cached_tokens":2},"output_tokens":3}""");

    public override IReadOnlyList<string> Events =>
    [
        Event("response.created", """ "response":{"id":"resp_1","object":"response","status":"in_progress","model":"m-2026","output":[]} """),
        Event("response.in_progress", """ "response":{"id":"resp_1"} """),
        Event("response.output_item.added", """ "output_index":0,"item":{"type":"message","id":"m1","status":"in_progress","role":"assistant","content":[]} """),
        Event("response.content_part.added", """ "item_id":"m1","output_index":0,"content_index":0,"part":{"type":"output_text","text":""} """),
        Said("Hi"), Said(" there"), Event("response.a_thing_nobody_knows", """ "delta":{"a":1} """),
        Event("response.output_text.done", """ "item_id":"m1","output_index":0,"content_index":0,"text":"Hi there" """),
        Event("response.output_item.done", $"\"output_index\":0,\"item\":{Message("Hi there")}"),
        Event("response.completed", $"\"response\":{Response(Message("Hi there"), Counts)}"),
    ];

    public override int BeforeContent => 4;

    public override string ToolAnswer => Response(Call("""{\"a\":2}"""));

    public override IReadOnlyList<string> ToolEvents =>
    [
        Events[0], Event("response.output_item.added", $"\"output_index\":0,\"item\":{Call("")}"),
        Event("response.function_call_arguments.delta", """ "item_id":"fc_1","output_index":0,"delta":"{\"a\"" """),
        Event("response.function_call_arguments.delta", """ "item_id":"fc_1","output_index":0,"delta":":2}" """),
        Event("response.function_call_arguments.done", """ "item_id":"fc_1","output_index":0,"arguments":"{\"a\":2}" """),
        Event("response.output_item.done", $"\"output_index\":0,\"item\":{Call("""{\"a\":2}""")}"),
        Event("response.completed", $"\"response\":{Response(Call("""{\"a\":2}"""))}"),
    ];

    public override string JsonAnswer => Response(Message("""{\"a\":2}"""));

    public override string UsageAnswer => Response(
        Message("A"), """{"input_tokens":100,"input_tokens_details":{"cached_tokens":30,"cache_write_tokens":20},"output_tokens":40,"output_tokens_details":{"reasoning_tokens":25},"total_tokens":140}""");

    public override Usage Usage => new(100, 40, 30, 20, 25);

    public override IReadOnlyList<(string Word, FinishReason Finish)> StopReasons =>
    [
        ("completed", FinishReason.Stop), ("max_output_tokens", FinishReason.Length), ("content_filter", FinishReason.ContentFilter), ("a_reason_nobody_knows", FinishReason.Length),
    ];

    public override IReadOnlyList<(string At, string Json)> Basics =>
    [
        ("/model", "\"m-name\""), ("/temperature", "0.5"), ("/top_p", "0.9"), ("/max_output_tokens", "50"), ("/instructions", "\"Be brief.\""), ("/user", "\"u1\""), ("/store", "false"),
    ];

    public override IReadOnlyList<(string At, string Json)> Tools =>
    [
        ("/tools/0", $$"""{"type":"function","name":"f","description":"d","parameters":{{Schema}},"strict":false}"""), ("/tool_choice", "\"required\""),
        ("/input/1", """{"type":"function_call","call_id":"abcdefghi","name":"f","arguments":"{\"a\":1}"}"""),
        ("/input/2", """{"type":"function_call_output","call_id":"abcdefghi","output":"R"}"""),
    ];

    public override IReadOnlyList<(string At, string Json)> Image =>
        [("/input/0/content/1", """{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo=","detail":"auto"}""")];

    public override IReadOnlyList<(string At, string Json)> Format =>
        [("/text", $$$"""{"format":{"type":"json_schema","name":"n","schema":{{{Schema}}}}}""")];

    public override byte[] ErrorEvent(string message) => Encoding.UTF8.GetBytes(Event(
        "response.failed", $"\"response\":{{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"failed\",\"error\":{{\"code\":\"server_error\",\"message\":\"{message}\"}},\"output\":[]}}"));

    public override string Ended(string word) => word == "completed" ? Response(Message("A")) : Response(Message("A")).Replace(
        "\"status\":\"completed\",\"error\"", $"\"status\":\"incomplete\",\"incomplete_details\":{{\"reason\":\"{word}\"}},\"error\"", StringComparison.Ordinal);

    public override IReadOnlyList<string> TextsOf(JsonElement body) =>
        [body.GetProperty("instructions").GetString()!, .. body.GetProperty("input").EnumerateArray().Select(m => m.GetProperty("content").GetString()!)];

    private static string Message(string text) =>
        $$"""{"type":"message","id":"m1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"{{text}}","annotations":[],"logprobs":[]}]}""";

    private static string Call(string arguments) =>
        $$"""{"type":"function_call","id":"fc_1","status":"completed","call_id":"abcdefgh2","name":"f","arguments":"{{arguments}}"}""";

    private static string Response(string item, string usage = "null") =>
        $$"""{"id":"resp_1","object":"response","status":"completed","error":null,"model":"m-2026","output":[{{item}}],"usage":{{usage}}}""";

    private static string Said(string text) => Event("response.output_text.delta", $"\"item_id\":\"m1\",\"output_index\":0,\"content_index\":0,\"delta\":\"{text}\"");

    private static string Event(string type, string members) => $"event: {type}\ndata: {{\"type\":\"{type}\",{members}}}\n\n";
}
