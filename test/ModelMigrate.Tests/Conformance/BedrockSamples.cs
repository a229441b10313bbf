using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Tests.Providers;

namespace ModelMigrate.Tests.Conformance;

/// <summary>The Converse protocol: signed, or with a Bedrock key. An event here is <c>type payload</c>.</summary>
internal sealed record BedrockSamples(bool Signs) : KitSamples
{
    private const string Schema = """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}""";

    public override string Configuration => "kind: bedrock, region: us-east-1, "
        + (Signs ? "accessKeyId: \"${ID}\", secretAccessKey: \"${KEY}\", sessionToken: \"${TOKEN}\"" : "apiKey: \"${KEY}\"");

    public override string CredentialHeader => "Authorization";

    public override string Credential => Signs ? "AWS4-HMAC-SHA256 Credential=" : "Bearer " + KitRig.Key;

    public override string Target => "/model/m-name/converse";

    public override string StreamTarget => "/model/m-name/converse-stream";

    public override string HealthTarget => "/foundation-models";

    public override string InfoTarget => "/foundation-models/m-name";

    public override string Whole => Answer("""{"text":"Hi there"}""", "end_turn", """{"inputTokens":5,"cacheReadInputTokens":2,"outputTokens":3,"totalTokens":10}""");

    public override IReadOnlyList<string> Events =>
    [
        """messageStart {"p":"abc","role":"assistant"}""", """contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"Hi"},"p":"ab"}""",
        """contentBlockDelta {"contentBlockIndex":0,"delta":{"text":" there"}}""", """contentBlockStop {"contentBlockIndex":0}""",
        """messageStop {"stopReason":"end_turn"}""", """metadata {"usage":{"inputTokens":7,"outputTokens":3,"totalTokens":10},"metrics":{"latencyMs":5}}""",
    ];

    public override int BeforeContent => 1;

    public override string ToolAnswer => Answer("""{"toolUse":{"toolUseId":"tooluse_2","name":"f","input":{"a":2}}}""", "tool_use");

    public override IReadOnlyList<string> ToolEvents =>
    [
        """messageStart {"role":"assistant"}""", """contentBlockStart {"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"tooluse_2","name":"f"}}}""",
        """contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"a\""}}}""", """contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":":2}"}}}""",
        """contentBlockStop {"contentBlockIndex":0}""", """messageStop {"stopReason":"tool_use"}""",
    ];

    public override string JsonAnswer => Answer("""{"toolUse":{"toolUseId":"tooluse_2","name":"answer_in_json","input":{"a":2}}}""", "tool_use");

    public override string UsageAnswer => Answer(
        """{"text":"A"}""", "end_turn", """{"inputTokens":60,"cacheReadInputTokens":30,"cacheWriteInputTokens":10,"outputTokens":40,"totalTokens":140}""");

    public override Usage Usage => new(100, 40, 30, 10);

    public override IReadOnlyList<(string Word, FinishReason Finish)> StopReasons =>
    [
        ("end_turn", FinishReason.Stop), ("max_tokens", FinishReason.Length), ("stop_sequence", FinishReason.StopText), ("guardrail_intervened", FinishReason.ContentFilter),
        ("content_filtered", FinishReason.ContentFilter), ("model_context_window_exceeded", FinishReason.Length),
    ];

    public override IReadOnlyList<(string At, string Json)> Basics =>
    [
        ("/inferenceConfig", """{"maxTokens":50,"temperature":0.5,"topP":0.9,"stopSequences":["END"]}"""), ("/requestMetadata/user", "\"u1\""),
    ];

    public override IReadOnlyList<(string At, string Json)> Tools =>
    [
        ("/toolConfig/tools/0/toolSpec", $$$"""{"name":"f","description":"d","inputSchema":{"json":{{{Schema}}}}}"""), ("/toolConfig/toolChoice", """{"any":{}}"""),
        ("/messages/1", """{"role":"assistant","content":[{"toolUse":{"toolUseId":"abcdefghi","name":"f","input":{"a":1}}}]}"""),
        ("/messages/2", """{"role":"user","content":[{"toolResult":{"toolUseId":"abcdefghi","content":[{"text":"R"}]}}]}"""),
    ];

    public override IReadOnlyList<(string At, string Json)> Image => [("/messages/0/content/1", """{"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}}""")];

    public override IReadOnlyList<(string At, string Json)> Format =>
        [("/toolConfig/tools/0/toolSpec/inputSchema/json", Schema), ("/toolConfig/toolChoice/tool/name", "\"answer_in_json\"")];

    public override string TooLong => """{"message":"Input is too long for requested model."}""";

    public override string? Forbidden => """{"message":"The model returned the following errors: Output blocked by content filtering policy"}""";

    public override string Info => """{"modelDetails":{"modelArn":"arn:aws:bedrock:us-east-1::foundation-model/m-name","modelId":"m-name","modelName":"M"}}""";

    public override int? ContextLength => null;

    public override string StreamType => "application/vnd.amazon.eventstream";

    public override byte[] BrokenEvent
    {
        get
        {
            var bytes = EventStreamTests.Encode("contentBlockDelta", "{}"u8.ToArray());
            bytes[^1] ^= 1;
            return bytes;
        }
    }

    public override byte[] Bytes(string text) => EventStreamTests.Encode(text[..text.IndexOf(' ', StringComparison.Ordinal)], Encoding.UTF8.GetBytes(text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..]));

    public override string Error(string message) => $$$"""{"message":"{{{message}}}"}""";

    public override byte[] ErrorEvent(string message) => EventStreamTests.Encode("modelStreamErrorException", Encoding.UTF8.GetBytes(Error(message)), "exception");

    public override string Ended(string word) => Answer("""{"text":"A"}""", word);

    public override IReadOnlyList<string> TextsOf(JsonElement body) =>
    [
        body.GetProperty("system")[0].GetProperty("text").GetString()!,
        .. body.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("content")[0].GetProperty("text").GetString()!),
    ];

    private static string Answer(string block, string stop, string usage = """{"inputTokens":1,"outputTokens":1}""") =>
        $$$"""{"output":{"message":{"role":"assistant","content":[{{{block}}}]}},"stopReason":"{{{stop}}}","usage":{{{usage}}},"metrics":{"latencyMs":5}}""";
}
