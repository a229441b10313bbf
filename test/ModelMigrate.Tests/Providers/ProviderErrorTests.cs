using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Tests.Conformance;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Providers;

/// <summary>Errors as each provider writes them, by its documentation and by public bug reports.</summary>
public sealed class ProviderErrorTests
{
    private static readonly ChatRequest s_hello = new() { Turns = [new ChatTurn(ChatRole.User, "Hello")] };

    [Theory]
    [InlineData("mistral", 422, """{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","x"],"msg":"Extra inputs are not permitted"}]},"type":"invalid_request_error","param":null,"code":null}""", ChatErrorKind.Request, RefusalReason.None, "extra_forbidden")]
    [InlineData("mistral", 400, """{"object":"error","message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length","type":"invalid_request_prompt","param":null,"code":"3051"}""", ChatErrorKind.Request, RefusalReason.ContextLength, "too large")]
    [InlineData("mistral", 429, """{"object":"error","message":"Service tier capacity exceeded for this model.","type":"service_tier_capacity_exceeded","param":null,"code":"3505"}""", ChatErrorKind.Throttled, RefusalReason.None, "capacity")]
    [InlineData("tgi", 422, """{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 200 `max_new_tokens`","error_type":"validation"}""", ChatErrorKind.Request, RefusalReason.ContextLength, "max_new_tokens")]
    [InlineData("tgi", 429, """{"error":"Model is overloaded","error_type":"overloaded"}""", ChatErrorKind.Throttled, RefusalReason.None, "overloaded")]
    [InlineData("tgi", 424, """{"error":"Request failed during generation: out of memory","error_type":"generation"}""", ChatErrorKind.Provider, RefusalReason.None, "out of memory")]
    [InlineData("lmstudio", 400, """{"error":"'response_format.type' must be 'json_schema' or 'text'"}""", ChatErrorKind.Request, RefusalReason.None, "json_schema")]
    [InlineData("lmstudio", 400, """{"error":"Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens"}""", ChatErrorKind.Request, RefusalReason.ContextLength, "4096")]
    [InlineData("llama.cpp", 400, """{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":5000,"n_ctx":4096}}""", ChatErrorKind.Request, RefusalReason.ContextLength, "context size")]
    [InlineData("llama.cpp", 503, """{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}""", ChatErrorKind.Provider, RefusalReason.None, "Loading model")]
    [InlineData("openrouter", 402, """{"error":{"code":402,"message":"Insufficient credits"}}""", ChatErrorKind.Configuration, RefusalReason.None, "refused the gateway")]
    [InlineData("openrouter", 403, """{"error":{"code":403,"message":"openai/gpt-4o requires moderation on OpenInference. Your input was flagged for \"violence\".","metadata":{"reasons":["violence"]}}}""", ChatErrorKind.Request, RefusalReason.ContentPolicy, "flagged")]
    [InlineData("openrouter", 400, """{"error":{"code":400,"message":"This endpoint's maximum context length is 131072 tokens. However, you requested about 200000 tokens."}}""", ChatErrorKind.Request, RefusalReason.ContextLength, "131072")]
    [InlineData("groq", 400, """{"error":{"message":"Please reduce the length of the messages or completion.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", ChatErrorKind.Request, RefusalReason.ContextLength, "reduce")]
    [InlineData("vllm", 400, """{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.","type":"BadRequestError","param":null,"code":400}""", ChatErrorKind.Request, RefusalReason.ContextLength, "4096")]
    [InlineData("vllm", 400, """{"error":{"message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","param":null,"code":400}}""", ChatErrorKind.Request, RefusalReason.ContextLength, "4096")]
    [InlineData("ollama", 404, """{"error":{"message":"model 'x' not found","type":"not_found_error","param":null,"code":null}}""", ChatErrorKind.UnknownModel, RefusalReason.None, "model 'x' not found")]
    [InlineData("azure", 400, """{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}""", ChatErrorKind.Request, RefusalReason.ContentPolicy, "filtered")]
    public async Task Refused_AsItsProviderWritesIt_ReadAlikeByAdapterAndOnTheWayThrough(
        string preset, int status, string body, ChatErrorKind kind, RefusalReason reason, string words)
    {
        await using var rig = await KitRig.StartAsync(preset == "azure" ? new AzureSamples(null) : new OpenAiSamples(preset), StubUpstream.Json(body, status));

        var error = (await rig.CompleteAsync(s_hello)).Error;

        Assert.Equal((kind, reason), (error?.Kind, error?.Reason));
        Assert.Contains(words, error?.Message, StringComparison.Ordinal);

        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(rig.Model, ModelMigrate.Core.Routing.Policies.RouteLimits.Default with { Retries = 0 }));
        using var answer = await gateway.PostAsync(ChatSamples.Plain);
        Assert.False(answer.IsSuccessStatusCode);
        if (kind is ChatErrorKind.Request or ChatErrorKind.Throttled)
        {
            Assert.Contains(words, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    /// <summary>OpenRouter answers 200, or begins a stream, and tells of the failure inside.</summary>
    [Theory]
    [InlineData("""{"error":{"code":502,"message":"Provider disconnected"}}""", ChatErrorKind.Provider)]
    [InlineData("""{"error":{"code":429,"message":"Rate limited upstream"}}""", ChatErrorKind.Throttled)]
    [InlineData("""{"error":"Request failed during generation","error_type":"generation"}""", ChatErrorKind.Provider)]
    public async Task Reported_InsideAGoodAnswer_IsAnErrorWithTheWords(string body, ChatErrorKind kind)
    {
        await using var rig = await KitRig.StartAsync(new OpenAiSamples("openrouter"), StubUpstream.Json(body));

        Assert.Equal(kind, (await rig.CompleteAsync(s_hello)).Error?.Kind);

        rig.Upstream.Answers = StubUpstream.Events(": OPENROUTER PROCESSING\n\n", ChatSamples.Chunks[0], ChatSamples.Chunks[1], $"data: {body}\n\n", "data: [DONE]\n\n");
        Assert.Equal(kind, (await rig.StreamAsync(s_hello))[^1].Error?.Kind);
    }

    [Fact]
    public async Task RetryAfter_InMilliseconds_GoesBeforeSeconds()
    {
        await using var rig = await KitRig.StartAsync(
            new AzureSamples(null), StubUpstream.Json("""{"error":{"message":"slow down","code":"429"}}""", 429, ("retry-after-ms", "250"), ("Retry-After", "1")));

        Assert.Equal(TimeSpan.FromMilliseconds(250), (await rig.CompleteAsync(s_hello)).Error?.RetryAfter);
    }

    /// <summary>Mistral's reasoning models answer in parts.</summary>
    [Fact]
    public async Task Content_InParts_IsTheirText()
    {
        const string Body = """{"id":"1","model":"magistral","choices":[{"index":0,"message":{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"Hi"}]},"finish_reason":"stop"}]}""";
        await using var rig = await KitRig.StartAsync(new OpenAiSamples("mistral"), StubUpstream.Json(Body));

        var answer = await rig.CompleteAsync(s_hello);

        Assert.Equal("Hi", answer.Result?.Text);
        Assert.IsType<TextPart>(answer.Result!.Parts.Single());
    }
}
