using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Catalog.Bundled;
using ModelMigrate.Core.Chat;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Conformance;

/// <summary>The chat completions protocol, as a provider of the bundled table speaks it.</summary>
internal record OpenAiSamples(string Preset) : KitSamples
{
    private const string Tool = """{"id":"abcdefgh2","type":"function","function":{"name":"f","arguments":"{\"a\":2}"}}""";

    private ProviderPreset Known => BundledCatalog.Find(Preset)!;

    public override string Configuration => $"kind: {Preset}, apiKey: \"${{KEY}}\"";

    public override string BasePath => Known.BaseUrl?.AbsolutePath ?? "";

    public override string CredentialHeader => "Authorization";

    public override string Credential => "Bearer " + KitRig.Key;

    public override string Target => BasePath + "/chat/completions";

    public override string HealthTarget => Path(Known.Paths.Health!);

    public override string InfoTarget => Path(Known.Paths.Models!);

    public override string Whole => ChatSamples.Answer;

    public override IReadOnlyList<string> Events => [": begin\n\n", .. ChatSamples.Chunks];

    public override int BeforeContent => 2;

    public override string ToolAnswer => Answer($$"""{"role":"assistant","content":null,"tool_calls":[{{Tool}}]}""", "tool_calls");

    public override IReadOnlyList<string> ToolEvents =>
    [
        Chunk("""{"role":"assistant","tool_calls":[{"index":0,"id":"abcdefgh2","type":"function","function":{"name":"f","arguments":""}}]}"""),
        Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}"""), Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":":2}"}}]}"""),
        Chunk("{}", "\"tool_calls\""), "data: [DONE]\n\n",
    ];

    public override string JsonAnswer => Answer("""{"role":"assistant","content":"{\"a\":2}"}""", "stop");

    public override string UsageAnswer => Answer("""{"role":"assistant","content":"A"}""", "stop").Replace(
        "\"usage\":null",
        "\"usage\":" + """{"prompt_tokens":100,"completion_tokens":40,"prompt_tokens_details":{"cached_tokens":30},"completion_tokens_details":{"reasoning_tokens":25}}""",
        StringComparison.Ordinal);

    public override Usage Usage => new(100, 40, 30, 0, 25);

    public override IReadOnlyList<(string Word, FinishReason Finish)> StopReasons =>
        [("stop", FinishReason.Stop), ("length", FinishReason.Length), ("content_filter", FinishReason.ContentFilter), ("eos_token", FinishReason.Stop)];

    public override IReadOnlyList<(string At, string Json)> Basics =>
    [
        ("/model", "\"m-name\""), ("/temperature", "0.5"), ("/top_p", "0.9"), ("/stop", """["END"]"""),
        (Known.Rejects.Contains("max_completion_tokens") ? "/max_tokens" : "/max_completion_tokens", "50"),
    ];

    public override IReadOnlyList<(string At, string Json)> Tools =>
    [
        ("/tools/0", """{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}}}"""),
        ("/tool_choice", "\"required\""), ("/messages/1/tool_calls/0/function", """{"name":"f","arguments":"{\"a\":1}"}"""),
        ("/messages/1/tool_calls/0/id", "\"abcdefghi\""), ("/messages/2", """{"role":"tool","tool_call_id":"abcdefghi","content":"R"}"""),
    ];

    public override IReadOnlyList<(string At, string Json)> Image =>
        [("/messages/0/content/1", """{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}""")];

    public override IReadOnlyList<(string At, string Json)> Format =>
    [
        ("/response_format", """{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}}}"""),
    ];

    public override string TooLong => """{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""";

    public override string? Forbidden => """{"error":{"message":"Your prompt was flagged as potentially violating our usage policy.","type":"invalid_request_error","param":null,"code":"invalid_prompt"}}""";

    public override string Info => """{"object":"list","data":[{"id":"other","object":"model"},{"id":"m-name","object":"model","owned_by":"x"}]}""";

    public override int? ContextLength => null;

    public override string Error(string message) => $$$"""{"error":{"message":"{{{message}}}","type":"t","param":null,"code":null}}""";

    public override byte[] ErrorEvent(string message) => Encoding.UTF8.GetBytes($"data: {Error(message)}\n\n");

    public override string Ended(string word) => Answer("""{"role":"assistant","content":"A"}""", word);

    public override IReadOnlyList<string> TextsOf(JsonElement body) =>
        [.. body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()!)];

    private static string Answer(string message, string finish) =>
        $$$"""{"id":"c1","object":"chat.completion","model":"m-2026","choices":[{"index":0,"message":{{{message}}},"finish_reason":"{{{finish}}}"}],"usage":null}""";

    private static string Chunk(string delta, string finish = "null") =>
        $$$"""data: {"id":"c1","object":"chat.completion.chunk","model":"m-2026","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":{{{finish}}}}]}""" + "\n\n";

    private string Path(string path) => path.StartsWith("//", StringComparison.Ordinal) ? path[1..] : BasePath + path;
}
