using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Checks;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Caching;
using ModelMigrate.Tests.Conformance;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Caching;

/// <summary>The cache of a route as its clients and providers see it.</summary>
public sealed class ResponseCacheTests
{
    private const string Header = "x-model-migrate-cache";

    [Theory]
    [InlineData(ChatSamples.Plain, ChatSamples.Plain)]
    [InlineData(ChatSamples.Plain, """ { "messages" : [ { "content" : "Hello", "role" : "user" } ], "model" : "chat" } """)]
    public async Task Whole_SameRequest_SameBytesWithoutAProvider(string first, string second)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await StartAsync(upstream);

        var fresh = await AskAsync(gateway, first);
        gateway.Clock.Advance(TimeSpan.FromSeconds(61));
        using var again = await gateway.PostAsync(second);

        Assert.Equal(("miss", ChatSamples.Answer), (fresh.Cache, fresh.Body));
        Assert.Equal(ChatSamples.Answer, await again.Content.ReadAsStringAsync());
        Assert.Equal("hit", again.Headers.GetValues(Header).Single());
        Assert.Equal(("61", "m"), (again.Headers.GetValues("Age").Single(), again.Headers.GetValues("x-model-migrate-model").Single()));
        Assert.Equal("application/json", again.Content.Headers.ContentType!.MediaType);
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"Hello"}],"temperature":0}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"Hello"}],"unknown_to_us":{"a":1}}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"Hello."}]}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"system","content":""},{"role":"user","content":"Hello"}]}""")]
    public async Task Whole_AnotherRequest_IsAsked(string other)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await StartAsync(upstream);

        await AskAsync(gateway, ChatSamples.Plain);

        Assert.Equal("miss", (await AskAsync(gateway, other)).Cache);
    }

    [Fact]
    public async Task Whole_PromptsThatBeginAlike_AreNotTaken()
    {
        // What LLM-Runner-Router's key of the first 50 characters gets wrong.
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await StartAsync(upstream);
        var prompt = new string('x', 500);

        foreach (var end in "abc")
        {
            Assert.Equal("miss", (await AskAsync(gateway, ChatSamples.Plain.Replace("Hello", prompt + end, StringComparison.Ordinal))).Cache);
        }
    }

    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public async Task Streamed_SameRequest_SameEventsWithoutAProvider(ProviderKind kind)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(kind == ProviderKind.OpenAi ? ChatSamples.Chunks : ChatSamples.AnthropicEvents));
        await using var gateway = await StartAsync(upstream, kind);

        var fresh = await AskAsync(gateway, ChatSamples.Streamed);
        using var again = await gateway.PostAsync(ChatSamples.Streamed);

        Assert.Equal(fresh.Body, await again.Content.ReadAsStringAsync());
        Assert.EndsWith("data: [DONE]\n\n", fresh.Body, StringComparison.Ordinal);
        Assert.Equal(("hit", "text/event-stream"), (again.Headers.GetValues(Header).Single(), again.Content.Headers.ContentType!.MediaType));
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task Streamed_KeptStream_DoesNotServeAWholeRequest()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(ChatSamples.Chunks));
        await using var gateway = await StartAsync(upstream);
        await AskAsync(gateway, ChatSamples.Streamed);
        upstream.Answers = StubUpstream.Json(ChatSamples.Answer);

        Assert.Equal(("miss", ChatSamples.Answer), await AskAsync(gateway, ChatSamples.Plain));
    }

    [Fact]
    public async Task TimeToLive_Over_IsAskedAgain()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await StartAsync(upstream);
        await AskAsync(gateway, ChatSamples.Plain);

        gateway.Clock.Advance(TimeSpan.FromSeconds(3600));

        Assert.Equal("miss", (await AskAsync(gateway, ChatSamples.Plain)).Cache);
    }

    [Fact]
    public async Task Migration_Running_NobodysAnswerIsGivenAgain()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var route = GatewayHost.Migrating(GatewayHost.Model("s", upstream), GatewayHost.Model("t", upstream), weightPpm: 500_000) with { Cache = CacheLimits.Default };
        await using var gateway = await GatewayHost.StartAsync(route with { Split = null });
        await AskAsync(gateway, ChatSamples.Plain);

        gateway.Publish(route);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("bypass", (await AskAsync(gateway, ChatSamples.Plain)).Cache);
        }

        Assert.Equal(3, gateway.Ended().Count);

        // Rolled back: the source serves as before, what it said stands, and a hit is no evidence.
        gateway.Publish(route with { Split = route.Split! with { WeightPpm = 0 } });
        Assert.Equal("hit", (await AskAsync(gateway, ChatSamples.Plain)).Cache);
        Assert.Empty(gateway.Ended());
        Assert.Equal(4, upstream.Requests.Count);
    }

    [Fact]
    public async Task Migration_Completed_TheOldModelsAnswerIsNotGiven()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var route = GatewayHost.Route(GatewayHost.Model("s", upstream)) with { Cache = CacheLimits.Default };
        await using var gateway = await GatewayHost.StartAsync(route);
        await AskAsync(gateway, ChatSamples.Plain);

        gateway.Publish(route with { Model = GatewayHost.Model("t", upstream) });

        Assert.Equal("miss", (await AskAsync(gateway, ChatSamples.Plain)).Cache);
    }

    [Fact]
    public async Task CacheControl_NoStore_NeitherReadsNorKeeps()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await StartAsync(upstream);

        Assert.Equal("bypass", (await AskAsync(gateway, ChatSamples.Plain, ("Cache-Control", "no-store"))).Cache);
        Assert.Equal("miss", (await AskAsync(gateway, ChatSamples.Plain)).Cache);
        Assert.Equal("bypass", (await AskAsync(gateway, ChatSamples.Plain, ("Cache-Control", "max-age=0, no-store"))).Cache);
    }

    [Fact]
    public async Task CacheControl_NoCache_AsksAndKeepsTheFreshAnswer()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await StartAsync(upstream);
        await AskAsync(gateway, ChatSamples.Plain);
        var newer = ChatSamples.Answer.Replace("Hi there", "Hi again", StringComparison.Ordinal);
        upstream.Answers = StubUpstream.Json(newer);

        Assert.Equal(("bypass", newer), await AskAsync(gateway, ChatSamples.Plain, ("Cache-Control", "no-cache")));
        Assert.Equal(("hit", newer), await AskAsync(gateway, ChatSamples.Plain));
    }

    [Fact]
    public async Task Headers_ThatReachTheProvider_ArePartOfTheRequest()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await StartAsync(upstream);

        Assert.Equal("miss", (await AskAsync(gateway, ChatSamples.Plain, ("openai-beta", "a"))).Cache);
        Assert.Equal("miss", (await AskAsync(gateway, ChatSamples.Plain, ("openai-beta", "b"))).Cache);
        Assert.Equal("hit", (await AskAsync(gateway, ChatSamples.Plain, ("openai-beta", "a"), ("traceparent", "00-1"), ("idempotency-key", "k"))).Cache);
    }

    [Theory]
    [InlineData("""{"error":{"message":"no"}}""", 400)]
    [InlineData("""{"error":{"message":"down"}}""", 500)]
    [InlineData("""{"id":"1","model":"m","choices":[{"index":0,"message":{"content":null,"refusal":"No."},"finish_reason":"stop"}]}""", 200)]
    [InlineData("""{"id":"1","model":"m","choices":[{"index":0,"message":{"content":"cut"},"finish_reason":"content_filter"}]}""", 200)]
    [InlineData("""{"id":"1","model":"m","choices":[{"index":0,"message":{"content":"fails the route's check"},"finish_reason":"stop"}]}""", 200)]
    public async Task Answer_NotAWholeSuccess_IsNotKept(string answer, int status)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(answer, status));
        await using var gateway = await StartAsync(upstream);

        await AskAsync(gateway, ChatSamples.Plain);

        Assert.NotEqual("hit", (await AskAsync(gateway, ChatSamples.Plain)).Cache);
        Assert.True(upstream.Requests.Count >= 2);
    }

    [Fact]
    public async Task Stream_Cut_IsNotKept()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(ChatSamples.Chunks[..3]));
        await using var gateway = await StartAsync(upstream);
        using (var broken = await gateway.PostAsync(ChatSamples.Streamed))
        {
            upstream.Requests.First().Cut.TrySetResult();
            await BrokenStream.ReadAsync(broken);
        }

        upstream.Answers = StubUpstream.Events(ChatSamples.Chunks);

        Assert.Equal("miss", (await AskAsync(gateway, ChatSamples.Streamed)).Cache);
    }

    [Fact]
    public async Task Fallback_ItsAnswer_IsNotKeptAsTheRoutes()
    {
        await using var down = await StubUpstream.StartAsync(StubUpstream.Json("""{"error":{"message":"down"}}""", 401));
        await using var spare = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var route = GatewayHost.Route(GatewayHost.Model("m", down), limits: null, GatewayHost.Model("f", spare)) with { Cache = CacheLimits.Default };
        await using var gateway = await GatewayHost.StartAsync(route);

        await AskAsync(gateway, ChatSamples.Plain);

        Assert.Equal(("miss", ChatSamples.Answer), await AskAsync(gateway, ChatSamples.Plain));
    }

    [Fact]
    public async Task Entry_LargerThanAllowed_IsServedAndNotKept()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer.Replace("Hi there", new string('y', 5000), StringComparison.Ordinal)));
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(GatewayHost.Model("m", upstream)) with { Cache = new CacheLimits { MaxEntry = 4096 } });

        var fresh = await AskAsync(gateway, ChatSamples.Plain);

        Assert.Equal(("miss", fresh.Body), await AskAsync(gateway, ChatSamples.Plain));
    }

    /// <summary>A response that a provider keeps stands for one conversation; one that is translated, or that is not to be kept, is an answer like any other.</summary>
    [Theory]
    [InlineData(false, """{"model":"chat","input":"Hello"}""", true)]
    [InlineData(true, """{"model":"chat","input":"Hello","store":false}""", true)]
    [InlineData(true, """{"model":"chat","input":"Hello"}""", false)]
    [InlineData(true, """{"model":"chat","input":"Hello","store":true}""", false)]
    [InlineData(true, """{"model":"chat","input":"Hello","store":false,"conversation":"c"}""", false)]
    [InlineData(true, """{"model":"chat","input":"Hello","store":false,"tools":[{"type":"web_search"}]}""", false)]
    public async Task Response_ThatNobodyKeeps_IsGivenAgain(bool isNative, string body, bool isKept)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(isNative ? new ResponsesSamples().Whole : ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(GatewayHost.Model("m", upstream) with { InResponses = isNative }) with { Cache = CacheLimits.Default });

        using var first = await gateway.PostToAsync("/v1/responses", body);
        var fresh = await first.Content.ReadAsStringAsync();
        // A client can have its whole answer a moment before it is kept.
        await Waiting.UntilAsync(() => !isKept || gateway.Services.GetRequiredService<ResponseCaches>().Sizes.Any(static cache => cache.Bytes > 0));
        using var again = await gateway.PostToAsync("/v1/responses", body);

        Assert.Equal(isKept ? 1 : 2, upstream.Requests.Count);
        Assert.Equal(isKept ? "hit" : null, again.Headers.TryGetValues(Header, out var word) ? word.Single() : null);
        Assert.Equal(fresh, await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Response_StreamedAndTranslated_IsGivenAgainEventForEvent()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(ChatSamples.AnthropicEvents));
        await using var gateway = await StartAsync(upstream, ProviderKind.Anthropic);

        using var first = await gateway.PostToAsync("/v1/responses", """{"model":"chat","input":"Hello","stream":true}""");
        var fresh = await first.Content.ReadAsStringAsync();
        using var again = await gateway.PostToAsync("/v1/responses", """{"model":"chat","input":"Hello","stream":true}""");

        Assert.Equal(fresh, await again.Content.ReadAsStringAsync());
        Assert.EndsWith("}\n\n", fresh, StringComparison.Ordinal);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task Route_WithoutCache_SaysNothing()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));

        Assert.Equal("", (await AskAsync(gateway, ChatSamples.Plain)).Cache);
        Assert.Equal("", (await AskAsync(gateway, ChatSamples.Plain)).Cache);
        Assert.Equal(2, upstream.Requests.Count);
    }

    private static Task<GatewayHost> StartAsync(StubUpstream upstream, ProviderKind kind = ProviderKind.OpenAi) => GatewayHost.StartAsync(
        GatewayHost.Route(GatewayHost.Model("m", upstream, kind), new RouteLimits { Retries = 0 }) with
        {
            Cache = CacheLimits.Default, Checks = [new ContainsCheck("contains", ["check"], false, true)],
        });

    private static async Task<(string Cache, string Body)> AskAsync(GatewayHost gateway, string body, params (string Name, string Value)[] headers)
    {
        using var response = await gateway.PostAsync(body, default, headers);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode == HttpStatusCode.OK && response.Headers.TryGetValues(Header, out var values) ? values.Single() : "", text);
    }
}
