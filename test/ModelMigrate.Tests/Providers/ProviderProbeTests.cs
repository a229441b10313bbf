using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Catalog.Bundled;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.OpenAi;
using ModelMigrate.Providers.Probing;
using ModelMigrate.Tests.Conformance;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Providers;

public sealed class ProviderProbeTests
{
    [Theory]
    [InlineData("openrouter", """{"data":[{"id":"m-name","context_length":131072,"pricing":{"prompt":"0.000002","completion":"0.00001"},"top_provider":{"max_completion_tokens":16384}}]}""", 131072, 16384, 0.002, 0.01)]
    [InlineData("groq", """{"object":"list","data":[{"id":"m-name","context_window":131072,"max_completion_tokens":32768}]}""", 131072, 32768, null, null)]
    [InlineData("vllm", """{"object":"list","data":[{"id":"m-name","max_model_len":4096}]}""", 4096, null, null, null)]
    [InlineData("mistral", """{"object":"list","data":[{"id":"m-name","max_context_length":32768}]}""", 32768, null, null, null)]
    [InlineData("tgi", """{"model_id":"m-name","max_input_tokens":3072,"max_total_tokens":4096,"version":"3"}""", 4096, null, null, null)]
    [InlineData("llama.cpp", """{"object":"list","data":[{"id":"/models/x.gguf","meta":{"n_ctx_train":8192}}]}""", 8192, null, null, null)]
    [InlineData("ollama", """{"object":"list","data":[{"id":"m-name","object":"model","owned_by":"library"}]}""", null, null, null, null)]
    public async Task Describe_InEachProvidersWords_ReadsWhatIsTold(string preset, string body, int? context, int? output, double? input, double? price)
    {
        await using var rig = await KitRig.StartAsync(new OpenAiSamples(preset), StubUpstream.Json(body));

        var (info, error) = await rig.Probe.DescribeAsync(rig.Model, default);

        Assert.Null(error);
        Assert.Equal(
            (context, output, (decimal?)input, (decimal?)price), (info!.ContextLength, info.MaxOutputTokens, info.InputCostPer1K, info.OutputCostPer1K));
    }

    [Theory]
    [InlineData("""{"data":[{"id":"a"},{"id":"b"}]}""")]
    [InlineData("""{"data":[]}""")]
    [InlineData("[]")]
    [InlineData("3")]
    public async Task Describe_ModelNotListed_SaysSo(string body)
    {
        await using var rig = await KitRig.StartAsync(new OpenAiSamples("openai"), StubUpstream.Json(body));

        var (info, error) = await rig.Probe.DescribeAsync(rig.Model, default);

        Assert.Null(info);
        Assert.Contains("lists no model 'm-name'", error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_ListOfAnotherShape_IsAnError()
    {
        await using var rig = await KitRig.StartAsync(new OpenAiSamples("openai"), StubUpstream.Json("<html>"));

        Assert.Equal(ModelMigrate.Core.Chat.ChatErrorKind.Malformed, (await rig.Probe.DescribeAsync(rig.Model, default)).Error?.Kind);
    }

    /// <summary>Speech to text: what the table says of each provider that has it, up to the address that would be asked.</summary>
    [Theory]
    [InlineData("openai", "/v1/models", "/v1/audio/transcriptions", "/v1/audio/translations", null)]
    [InlineData("groq", "/openai/v1/models", "/openai/v1/audio/transcriptions", "/openai/v1/audio/translations", "json verbose_json text")]
    [InlineData("whisper", "/health", "/v1/audio/transcriptions", "/v1/audio/translations", null)]
    [InlineData("whisper.cpp", "/health", "/inference", null, "json verbose_json text srt vtt")]
    [InlineData("localai", "/readyz", "/v1/audio/transcriptions", null, null)]
    [InlineData("ollama", "/api/version", "/v1/audio/transcriptions", null, null)]
    public async Task Speech_OfEachProvider_HasItsPathsAndHealth(string preset, string health, string transcriptions, string? translations, string? formats)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("{}"));
        var model = KitRig.ModelOf($"kind: {preset}, apiKey: \"${{KEY}}\"", new Uri(upstream.Url, BundledCatalog.Find(preset)!.BaseUrl!.AbsolutePath));
        using var connections = new ProviderConnections(TimeProvider.System);

        Assert.Null(await new ProviderProbe(connections, TimeProvider.System).CheckAsync(model, default));

        Assert.Equal(health, upstream.Requests.Single().Target);
        var paths = model.Provider.Paths;
        Assert.Equal(transcriptions, OpenAiProtocol.UriOf(model, paths.Transcriptions!).AbsolutePath);
        Assert.Equal(translations, paths.SpeechTranslations is { } path ? OpenAiProtocol.UriOf(model, path).AbsolutePath : null);
        Assert.Equal(formats, paths.SpeechFormats);
    }

    [Fact]
    public void Speech_OfTheCatalog_IsAnAbility() => Assert.Equal(
        ["gpt-4o-mini-transcribe", "gpt-4o-transcribe", "whisper-1", "whisper-large-v3", "whisper-large-v3-turbo"],
        BundledCatalog.Models.Where(model => model.Capabilities.Contains(Abilities.Transcription)).Select(model => model.Name).Order(StringComparer.Ordinal));
}
