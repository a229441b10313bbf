using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Exchange.Attempts;
using ModelMigrate.Providers.Exchange.Comparing;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Routing;

/// <summary>The three modes of a hybrid migration, as its client and both providers see them.</summary>
public sealed class HybridTests
{
    private static readonly string s_other = ChatSamples.Answer.Replace("Hi there", "Something else", StringComparison.Ordinal);

    [Theory]
    [InlineData(ChatSamples.Plain, ProviderKind.OpenAi, ComparisonResult.Same)]
    [InlineData(ChatSamples.Plain, ProviderKind.Anthropic, ComparisonResult.Same)]
    [InlineData(ChatSamples.Plain, ProviderKind.OpenAi, ComparisonResult.Different)]
    [InlineData(ChatSamples.Streamed, ProviderKind.OpenAi, ComparisonResult.Same)]
    public async Task Hybrid_TargetAnswers_SourceIsAskedAfterAndCompared(string body, ProviderKind source, ComparisonResult expected)
    {
        StubUpstream.Answer Answer(ProviderKind kind, bool isOther) => body == ChatSamples.Streamed
            ? StubUpstream.Events(ChatSamples.Chunks)
            : StubUpstream.Json(kind == ProviderKind.Anthropic ? ChatSamples.AnthropicAnswer : isOther ? s_other : ChatSamples.Answer);
        await using var old = await StubUpstream.StartAsync(Answer(source, expected == ComparisonResult.Different));
        await using var young = await StubUpstream.StartAsync(Answer(ProviderKind.OpenAi, isOther: false));
        await using var gateway = await GatewayHost.StartAsync(Route(old, young, HybridMode.Hybrid, source));
        var compared = Watch(gateway);

        using var response = await gateway.PostAsync(body);
        var text = await response.Content.ReadAsStringAsync();
        await Waiting.UntilAsync(() => !compared.IsEmpty);

        Assert.Equal("t", response.Headers.GetValues("x-model-migrate-model").Single());
        Assert.DoesNotContain("Something else", text, StringComparison.Ordinal);
        Assert.Equal((1, 1), (old.Requests.Count, young.Requests.Count));
        var report = Assert.Single(compared);
        Assert.Equal((expected, AttemptRole.Compare, "s"), (report.Result, report.Source!.Value.Role, report.Source.Value.Model.Id.Value));
        Assert.Empty(gateway.Ended());
    }

    [Theory]
    [InlineData("/v1/responses", """{"model":"chat","input":"Hello"}""", "Hi there", ComparisonResult.Same)]
    [InlineData("/v1/responses", """{"model":"chat","input":"Hello"}""", "Ho there", ComparisonResult.Different)]
    [InlineData("/v1/completions", """{"model":"chat","prompt":"Hello"}""", "Hi there", ComparisonResult.Same)]
    [InlineData("/v1/completions", """{"model":"chat","prompt":"Hello"}""", "Ho there", ComparisonResult.Different)]
    public async Task Hybrid_OtherAnswersInWords_AreCompared(string path, string body, string sourceSays, ComparisonResult expected)
    {
        await using var old = await StubUpstream.StartAsync(Says(path, sourceSays));
        await using var young = await StubUpstream.StartAsync(Says(path, "Hi there"));
        await using var gateway = await GatewayHost.StartAsync(Responding(old, young));
        var compared = Watch(gateway);

        using var response = await gateway.PostToAsync(path, body);
        Assert.Contains("Hi there", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Waiting.UntilAsync(() => !compared.IsEmpty);

        Assert.Equal(expected, Assert.Single(compared).Result);
        Assert.Equal((1, 1), (old.Requests.Count, young.Requests.Count));
    }

    [Fact]
    public async Task Hybrid_ConversationThatTheTargetKeeps_IsNotAskedOfTheSource()
    {
        const string Path = "/v1/responses";
        await using var old = await StubUpstream.StartAsync(Says(Path, "Hi there"));
        await using var young = await StubUpstream.StartAsync(Says(Path, "Hi there"));
        await using var gateway = await GatewayHost.StartAsync(Responding(old, young));
        var compared = Watch(gateway);

        using var first = await gateway.PostToAsync(Path, """{"model":"chat","input":"Hello"}""");
        await Waiting.UntilAsync(() => compared.Count == 1);
        using var second = await gateway.PostToAsync(Path, """{"model":"chat","input":"And then?","previous_response_id":"resp_1"}""");
        await Waiting.UntilAsync(() => compared.Count == 2);

        Assert.Equal([ComparisonResult.Same, ComparisonResult.Skipped], compared.Select(report => report.Result));
        Assert.Equal((1, 2), (old.Requests.Count, young.Requests.Count));
    }

    /// <summary>The target's client has gone, and its request's bytes with it, before the source is asked.</summary>
    [Fact]
    public async Task Hybrid_PicturesOfManyRequests_SourceIsShownEachAsItWas()
    {
        await using var old = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer));
        await using var young = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(Route(old, young, HybridMode.Hybrid, ProviderKind.Anthropic));
        var compared = Watch(gateway);
        var pictures = Enumerable.Range(0, 16).Select(i => new string((char)('A' + i), 100_000)).ToList();

        await Task.WhenAll(pictures.Select(async picture =>
        {
            using var response = await gateway.PostAsync(
                $$$"""{"model":"chat","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{picture}}}"}}]}]}""");
        }));
        await Waiting.UntilAsync(() => compared.Count == pictures.Count);

        Assert.Equal(pictures, old.Requests.Select(request => pictures.Find(picture => request.Text.Contains($"\"{picture}\"", StringComparison.Ordinal))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Hybrid_TargetFails_SourceAnswersOnce()
    {
        await using var old = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var young = await StubUpstream.StartAsync(StubUpstream.Json("""{"error":{"message":"down"}}""", 500));
        await using var gateway = await GatewayHost.StartAsync(Route(old, young, HybridMode.Hybrid));
        var compared = Watch(gateway);

        // More than the rescues that a judged migration's source may be asked for.
        for (var i = 0; i < 60; i++)
        {
            using var response = await gateway.PostAsync(ChatSamples.Plain);
            Assert.Equal("s", response.Headers.GetValues("x-model-migrate-model").Single());
        }

        Assert.Equal(60, old.Requests.Count);
        Assert.All(compared, report => Assert.Equal((ComparisonResult.TargetFailed, (AttemptReport?)null), (report.Result, report.Source)));
        Assert.Equal(60, compared.Count);
    }

    /// <summary>Its answers in between keep the breaker closed, so that only a cap could end the rescues; a judged migration's would after twenty.</summary>
    [Fact]
    public async Task Hybrid_TargetFailsNowAndAgain_SourceAnswersWithoutACap()
    {
        await using var old = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var young = await StubUpstream.StartAsync();
        young.Answers = (context, received) =>
            (young.Requests.Count % 3 == 0 ? StubUpstream.Json(ChatSamples.Answer) : StubUpstream.Json("""{"error":{"message":"down"}}""", 500))(context, received);
        await using var gateway = await GatewayHost.StartAsync(Route(old, young, HybridMode.NewPrimary));

        for (var i = 0; i < 60; i++)
        {
            using var response = await gateway.PostAsync(ChatSamples.Plain);
            Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal((40, 60), (old.Requests.Count, young.Requests.Count));
    }

    [Fact]
    public async Task Hybrid_SourceFails_ClientHasTheTargetsAnswer()
    {
        await using var old = await StubUpstream.StartAsync(StubUpstream.Json("""{"error":{"message":"down"}}""", 500));
        await using var young = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(Route(old, young, HybridMode.Hybrid));
        var compared = Watch(gateway);

        using var response = await gateway.PostAsync(ChatSamples.Plain);
        await Waiting.UntilAsync(() => !compared.IsEmpty);

        Assert.Equal(ChatSamples.Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal(ComparisonResult.SourceFailed, Assert.Single(compared).Result);
    }

    [Fact]
    public async Task Hybrid_SourceThatHangs_DelaysNobodyAndSkipsWhatIsTooMuch()
    {
        await using var old = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence());
        await using var young = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(Route(old, young, HybridMode.Hybrid));
        var compared = Watch(gateway);

        for (var i = 0; i < 40; i++)
        {
            using var response = await gateway.PostAsync(ChatSamples.Plain);
            Assert.Equal(ChatSamples.Answer, await response.Content.ReadAsStringAsync());
        }

        await Waiting.UntilAsync(() => compared.Count >= 8);
        Assert.All(compared, report => Assert.Equal(ComparisonResult.Skipped, report.Result));
        Assert.Equal(8, compared.Count);
    }

    [Fact]
    public async Task NewPrimary_SourceOnlyWhereTheTargetFails()
    {
        await using var old = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var young = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(Route(old, young, HybridMode.NewPrimary));

        using var good = await gateway.PostAsync(ChatSamples.Plain);
        Assert.Equal((0, 1), (old.Requests.Count, young.Requests.Count));
        young.Answers = StubUpstream.Json("{}", 503);
        using var rescued = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(("t", "s"), (good.Headers.GetValues("x-model-migrate-model").Single(), rescued.Headers.GetValues("x-model-migrate-model").Single()));
        Assert.Empty(gateway.Ended());
    }

    [Fact]
    public async Task LegacyPrimary_TargetIsNotCalled()
    {
        await using var old = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var young = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(Route(old, young, HybridMode.LegacyPrimary));

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal((1, 0), (old.Requests.Count, young.Requests.Count));
        Assert.Empty(gateway.Ended());
    }

    [Fact]
    public async Task Budget_Spent_SourceAnswers()
    {
        await using var old = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var young = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var allowance = new Allowance();
        allowance.Grant(1, 2);
        var route = Route(old, young, HybridMode.NewPrimary);
        await using var gateway = await GatewayHost.StartAsync(route with { Split = route.Split! with { Allowance = allowance } });

        for (var i = 0; i < 5; i++)
        {
            using var response = await gateway.PostAsync(ChatSamples.Plain);
        }

        Assert.Equal((3, 2), (old.Requests.Count, young.Requests.Count));
    }

    private static RouteSnapshot Route(StubUpstream old, StubUpstream young, HybridMode mode, ProviderKind source = ProviderKind.OpenAi)
    {
        var route = GatewayHost.Migrating(
            GatewayHost.Model("s", old, source), GatewayHost.Model("t", young), weightPpm: mode == HybridMode.LegacyPrimary ? 0 : SplitSnapshot.Total);
        return route with { Split = route.Split! with { Hybrid = mode } };
    }

    private static RouteSnapshot Responding(StubUpstream old, StubUpstream young)
    {
        static ModelSnapshot Speaking(ModelSnapshot model) => model with { Provider = model.Provider with { Responses = true } };
        var route = GatewayHost.Migrating(Speaking(GatewayHost.Model("s", old)), Speaking(GatewayHost.Model("t", young)), weightPpm: SplitSnapshot.Total);
        return route with { Split = route.Split! with { Hybrid = HybridMode.Hybrid } };
    }

    private static StubUpstream.Answer Says(string path, string text) => StubUpstream.Json(path == "/v1/responses"
        ? $$$"""{"id":"resp_1","object":"response","status":"completed","model":"m","output":[{"type":"message","id":"m1","role":"assistant","content":[{"type":"output_text","text":"{{{text}}}","annotations":[]}]}],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}"""
        : $$$"""{"id":"c1","object":"text_completion","model":"m","choices":[{"index":0,"text":"{{{text}}}","finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""");

    private static ConcurrentQueue<ComparisonReport> Watch(GatewayHost gateway)
    {
        var compared = new ConcurrentQueue<ComparisonReport>();
        gateway.Services.GetRequiredService<ExchangeRunner>().Compared += compared.Enqueue;
        return compared;
    }
}
