using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Tests.Conformance;

/// <summary>The generateContent protocol.</summary>
internal sealed record GeminiSamples : KitSamples
{
    private const string Schema = """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}""";

    public override string Configuration => "kind: gemini, apiKey: \"${KEY}\"";

    public override string BasePath => "/v1beta";

    public override string CredentialHeader => "x-goog-api-key";

    public override string Target => "/v1beta/models/m-name:generateContent";

    public override string StreamTarget => "/v1beta/models/m-name:streamGenerateContent?alt=sse";

    public override string HealthTarget => "/v1beta/models?pageSize=1";

    public override string InfoTarget => "/v1beta/models/m-name";

    public override string Whole => Answer("""{"text":"Hi "},{"text":"there"}""", "STOP", """{"promptTokenCount":7,"cachedContentTokenCount":2,"candidatesTokenCount":3,"totalTokenCount":10}""");

    public override IReadOnlyList<string> Events =>
    [
        Event("""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"index":0}],"modelVersion":"g-2026","responseId":"r1","usageMetadata":{"promptTokenCount":7,"totalTokenCount":7}}"""),
        Event("""{"candidates":[{"content":{"role":"model","parts":[{"text":" there"}]},"index":0}],"modelVersion":"g-2026","responseId":"r1"}"""),
        Event("""{"candidates":[{"content":{"role":"model","parts":[{"text":""}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3,"totalTokenCount":10}}"""),
    ];

    public override int BeforeContent => 0;

    public override string ToolAnswer => Answer("""{"functionCall":{"id":"x1","name":"f","args":{"a":2}}}""", "STOP");

    public override IReadOnlyList<string> ToolEvents =>
    [
        Event("""{"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":2}},"thoughtSignature":"SIG=="}]},"finishReason":"STOP","index":0}],"responseId":"r1"}"""),
    ];

    public override string JsonAnswer => Answer("""{"text":"{\"a\":2}"}""", "STOP");

    public override string UsageAnswer => Answer(
        """{"text":"A"}""", "STOP", """{"promptTokenCount":100,"cachedContentTokenCount":30,"candidatesTokenCount":15,"thoughtsTokenCount":25,"totalTokenCount":140}""");

    public override Usage Usage => new(100, 40, 30, 0, 25);

    public override IReadOnlyList<(string Word, FinishReason Finish)> StopReasons =>
    [
        ("STOP", FinishReason.Stop), ("MAX_TOKENS", FinishReason.Length), ("SAFETY", FinishReason.ContentFilter), ("RECITATION", FinishReason.ContentFilter),
        ("BLOCKLIST", FinishReason.ContentFilter), ("PROHIBITED_CONTENT", FinishReason.ContentFilter), ("SPII", FinishReason.ContentFilter), ("OTHER", FinishReason.Stop),
    ];

    public override IReadOnlyList<(string At, string Json)> Basics =>
    [
        ("/generationConfig", """{"maxOutputTokens":50,"stopSequences":["END"],"temperature":0.5,"topP":0.9}"""), ("/contents/1/role", "\"model\""),
    ];

    public override IReadOnlyList<(string At, string Json)> Tools =>
    [
        ("/tools/0/functionDeclarations/0", $$"""{"name":"f","description":"d","parametersJsonSchema":{{Schema}}}"""),
        ("/toolConfig/functionCallingConfig", """{"mode":"ANY"}"""),
        ("/contents/1", """{"role":"model","parts":[{"functionCall":{"id":"abcdefghi","name":"f","args":{"a":1}}}]}"""),
        ("/contents/2", """{"role":"user","parts":[{"functionResponse":{"id":"abcdefghi","name":"f","response":{"output":"R"}}}]}"""),
    ];

    public override IReadOnlyList<(string At, string Json)> Image => [("/contents/0/parts/1", """{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}""")];

    public override IReadOnlyList<(string At, string Json)> Format =>
        [("/generationConfig/responseMimeType", "\"application/json\""), ("/generationConfig/responseJsonSchema", Schema)];

    public override string TooLong =>
        """{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}""";

    /// <summary>A blocked prompt is a success without an answer; the golden samples have it.</summary>
    public override string? Forbidden => null;

    public override string Info => """{"name":"models/m-name","displayName":"M","inputTokenLimit":1048576,"outputTokenLimit":65536}""";

    public override int? ContextLength => 1_048_576;

    public override string Error(string message) => $$$"""{"error":{"code":0,"message":"{{{message}}}","status":"UNKNOWN"}}""";

    public override byte[] ErrorEvent(string message) => Encoding.UTF8.GetBytes(Event($$$"""{"error":{"code":503,"message":"{{{message}}}","status":"UNAVAILABLE"}}"""));

    public override string Ended(string word) => Answer("""{"text":"A"}""", word);

    public override IReadOnlyList<string> TextsOf(JsonElement body) =>
    [
        body.GetProperty("systemInstruction").GetProperty("parts")[0].GetProperty("text").GetString()!,
        .. body.GetProperty("contents").EnumerateArray().Select(content => content.GetProperty("parts")[0].GetProperty("text").GetString()!),
    ];

    private static string Answer(string parts, string finish, string usage = "null") =>
        $$$"""{"candidates":[{"content":{"role":"model","parts":[{{{parts}}}]},"finishReason":"{{{finish}}}","index":0}],"usageMetadata":{{{usage}}},"modelVersion":"g-2026","responseId":"r1"}""";

    private static string Event(string json) => $"data: {json}\r\n\r\n";
}
