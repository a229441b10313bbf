using System.Collections.Frozen;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Clients;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Limits.Budgets;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Limits;

/// <summary>What a client's key allows, as the client and the provider see it.</summary>
public sealed class ClientLimitTests
{
    private const string Limited = """{"model":"chat","max_tokens":10,"messages":[{"role":"user","content":"Hello"}]}""";

    private static readonly ClientSnapshot s_shop = new() { Name = "shop", Tenant = "shop" };

    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public async Task RequestsPerMinute_Reached_429WithWaitAndRates(ProviderKind protocol)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(
            protocol == ProviderKind.OpenAi ? ChatSamples.Answer : ChatSamples.AnthropicAnswer, 200, ("x-ratelimit-limit-requests", "77"), ("anthropic-ratelimit-requests-limit", "77")));
        await using var gateway = await StartAsync(upstream, s_shop with { Limits = new ClientLimits { RequestsPerMinute = 2 } }, protocol);

        using var first = await AskAsync(gateway, Limited, protocol);
        gateway.Clock.Advance(TimeSpan.FromSeconds(20));
        using var second = await AskAsync(gateway, Limited, protocol);
        using var third = await AskAsync(gateway, Limited, protocol);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode, third.StatusCode));
        Assert.Equal("41", third.Headers.GetValues("Retry-After").Single());
        using var error = JsonDocument.Parse(await third.Content.ReadAsStringAsync());
        Assert.Equal("rate_limit_error", error.RootElement.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal("requests_per_minute", error.RootElement.GetProperty("error").GetProperty("code").GetString());
        var (limit, remaining, reset) = protocol == ProviderKind.OpenAi
            ? ("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests")
            : ("anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset");
        Assert.Equal(("2", "1"), (first.Headers.GetValues(limit).Single(), first.Headers.GetValues(remaining).Single()));
        Assert.Equal(("2", "0"), (third.Headers.GetValues(limit).Single(), third.Headers.GetValues(remaining).Single()));
        Assert.Equal(protocol == ProviderKind.OpenAi ? "61s" : "2026-01-01T00:01:21Z", third.Headers.GetValues(reset).Single());
        Assert.Equal(2, upstream.Requests.Count);

        gateway.Clock.Advance(TimeSpan.FromSeconds(41));
        using var fourth = await AskAsync(gateway, Limited, protocol);
        Assert.Equal(HttpStatusCode.OK, fourth.StatusCode);
    }

    [Fact]
    public async Task TokensPerMinute_ReservedThenSettledByUsage()
    {
        // 79 bytes are about 20 tokens and 10 more may be answered; the provider then reports 10 in all.
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await StartAsync(upstream, s_shop with { Limits = new ClientLimits { TokensPerMinute = 60 } });

        var remaining = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            using var response = await AskAsync(gateway, Limited);
            remaining.Add($"{(int)response.StatusCode} {response.Headers.GetValues("x-ratelimit-remaining-tokens").Single()}");
        }

        var reserved = ((Limited.Length + 3) / 4) + 10;
        Assert.Equal([$"200 {60 - reserved}", $"200 {50 - reserved}", $"200 {40 - reserved}", $"200 {30 - reserved}", "429 20"], remaining);
    }

    [Fact]
    public async Task TokensPerMinute_RequestThatNeverFits_400SoThatNobodyTriesAgain()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await StartAsync(upstream, s_shop with { Limits = new ClientLimits { TokensPerMinute = 1000 } });

        using var response = await AskAsync(gateway, Limited.Replace("10", "5000", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("above_tokens_per_minute", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task MaxConcurrent_OfAKey_OnlyThatKeyWaits()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(ChatSamples.Chunks[..2]));
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Publish([s_shop with { Limits = new ClientLimits { MaxConcurrent = 1 } }, s_shop with { Name = "other" }], GatewayHost.Route(GatewayHost.Model("m", upstream)));

        using var running = await AskAsync(gateway, ChatSamples.Streamed);
        using var refused = await AskAsync(gateway, ChatSamples.Plain);
        upstream.Answers = StubUpstream.Json(ChatSamples.Answer);
        using var other = await AskAsync(gateway, ChatSamples.Plain, key: "other");

        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (refused.StatusCode, refused.Headers.GetValues("Retry-After").Single()));
        Assert.Contains("\"max_concurrent\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Routes_NotAmongTheKeys_AreNotThereForIt()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync();
        var route = GatewayHost.Route(GatewayHost.Model("m", upstream));
        gateway.Publish([s_shop with { Routes = FrozenSet.ToFrozenSet(["chat"]) }], route, route with { Id = new RouteId("chat-secret") });

        using var response = await AskAsync(gateway, ChatSamples.Plain.Replace("\"chat\"", "\"chat-secret\"", StringComparison.Ordinal));
        using var near = await AskAsync(gateway, ChatSamples.Plain.Replace("\"chat\"", "\"chat-secre\"", StringComparison.Ordinal));
        using var list = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Url, "/v1/models"));
        list.Headers.Add("Authorization", "Bearer shop");
        using var models = await gateway.Http.SendAsync(list);
        var retrieved = new List<HttpStatusCode>();
        foreach (var (name, key) in (IEnumerable<(string, string)>)[("chat", "shop"), ("chat-secret", "shop"), ("chat", "nobody")])
        {
            using var one = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Url, "/v1/models/" + name));
            one.Headers.Add("Authorization", "Bearer " + key);
            using var model = await gateway.Http.SendAsync(one);
            retrieved.Add(model.StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("or this key may not use it", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("chat-secret'", await near.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized], retrieved);
        Assert.DoesNotContain("chat-secret", await models.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tenants_AnswerOfOne_IsNotGivenToTheOther()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Publish(
            [s_shop, s_shop with { Name = "shop2" }, new ClientSnapshot { Name = "bank", Tenant = "bank" }], GatewayHost.Route(GatewayHost.Model("m", upstream)) with { Cache = CacheLimits.Default });

        var seen = new List<string>();
        foreach (var key in (IEnumerable<string>)["shop", "bank", "shop2", "bank"])
        {
            using var response = await AskAsync(gateway, ChatSamples.Plain, key: key);
            seen.Add(response.Headers.GetValues("x-model-migrate-cache").Single());
        }

        Assert.Equal(["miss", "miss", "hit", "hit"], seen);
    }

    [Theory]
    [InlineData(BudgetUnit.Tokens, 400)]
    [InlineData(BudgetUnit.Cost, 0.5)]
    public async Task Budget_HundredRequestsAtOnce_ProvidersBillNoMore(BudgetUnit unit, double limit)
    {
        // Each answer is billed as 7 + 3 tokens, 0.013 dollars.
        var each = unit == BudgetUnit.Tokens ? 10 : 0.013;
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await StartAsync(upstream, s_shop with { Budgets = [new Budget(BudgetPeriod.Day, unit, (decimal)limit)] });

        async Task AskOnceAsync()
        {
            using var response = await AskAsync(gateway, Limited);
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests);
        }

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => AskOnceAsync()));
        Assert.InRange(upstream.Requests.Count, 1, limit / each);
        for (var i = 0; i < 50; i++)
        {
            await AskOnceAsync();
        }

        // What is left is less than one request may come to: all its bytes as tokens, and a whole answer.
        var most = unit == BudgetUnit.Tokens ? Limited.Length + 10.0 : (Limited.Length * 0.001) + (10 * 0.002);
        Assert.InRange(upstream.Requests.Count * each, limit - most, limit);
    }

    [Fact]
    public async Task Budget_Spent_429UntilMidnightAndNoLibraryTriesAgain()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await StartAsync(upstream, s_shop with { Budgets = [new Budget(BudgetPeriod.Day, BudgetUnit.Tokens, 95)] });
        gateway.Clock.Advance(TimeSpan.FromHours(23));

        using (await AskAsync(gateway, Limited))
        {
        }

        using var refused = await AskAsync(gateway, Limited);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(("3600", "false"), (refused.Headers.GetValues("Retry-After").Single(), refused.Headers.GetValues("x-should-retry").Single()));
        Assert.Contains("\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"budget_exhausted\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        gateway.Clock.Advance(TimeSpan.FromHours(1));
        using var tomorrow = await AskAsync(gateway, Limited);
        Assert.Equal(HttpStatusCode.OK, tomorrow.StatusCode);
    }

    [Fact]
    public async Task Budget_RequestThatNeverFits_400()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await StartAsync(upstream, s_shop with { Budgets = [new Budget(BudgetPeriod.Day, BudgetUnit.Cost, 0.01m)] });

        using var response = await AskAsync(gateway, Limited);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("above_budget", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"error":{"message":"no"}}""", 400, 0)]
    [InlineData("""{"error":{"message":"down"}}""", 500, 0)]
    [InlineData(ChatSamples.Answer, 200, 10)]
    [InlineData("""{"id":"c","model":"m","choices":[{"index":0,"message":{"content":"unmetered"},"finish_reason":"stop"}]}""", 200, 89)]
    public async Task Budget_AfterTheAnswer_HoldsWhatWasReported(string answer, int status, int spent)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(answer, status));
        await using var gateway = await StartAsync(upstream, s_shop with { Budgets = [new Budget(BudgetPeriod.Month, BudgetUnit.Tokens, 1000)] });

        using (await AskAsync(gateway, Limited))
        {
        }

        // An answer without usage costs what was set aside for it.
        Assert.Equal(89, Limited.Length + 10);
        upstream.Answers = StubUpstream.Json(ChatSamples.Answer);
        using var fits = await AskAsync(gateway, Padded(1000 - spent));
        using var over = await AskAsync(gateway, Padded(1000 - spent - 10 + 1));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (fits.StatusCode, over.StatusCode));
    }

    [Fact]
    public async Task Budget_StreamThatItsClientLeaves_CostsWhatWasSetAside()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(ChatSamples.Chunks[..2]));
        await using var gateway = await StartAsync(upstream, s_shop with { Budgets = [new Budget(BudgetPeriod.Month, BudgetUnit.Tokens, 200)] });
        var streamed = Limited.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal);
        var first = await AskAsync(gateway, streamed);
        first.Dispose();
        await upstream.Requests.First().Gone.Task;
        upstream.Answers = StubUpstream.Json(ChatSamples.Answer);

        // The gateway hears of it a moment after the provider; nothing fits meanwhile, either.
        using var refused = await AskAsync(gateway, Padded(200 - (streamed.Length + 10) + 1));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task Budget_OfARoute_HoldsForAllItsClients()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(GatewayHost.Model("m", upstream)) with { Budgets = [new Budget(BudgetPeriod.Day, BudgetUnit.Tokens, 100)] });

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            using var response = await gateway.PostAsync(Limited);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests], statuses);
    }

    [Fact]
    public async Task Budget_RefusedByAnother_GivesBackWhatItHadSetAside()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync();
        var shop = s_shop with { Limits = new ClientLimits { RequestsPerMinute = 1 }, Budgets = [new Budget(BudgetPeriod.Day, BudgetUnit.Tokens, 100)] };
        var route = GatewayHost.Route(GatewayHost.Model("m", upstream));
        gateway.Publish([shop], route with { Budgets = [new Budget(BudgetPeriod.Day, BudgetUnit.Tokens, 50)] });

        using var refused = await AskAsync(gateway, Limited);
        gateway.Publish([shop], route);
        using var served = await AskAsync(gateway, Limited);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, served.StatusCode));
    }

    /// <summary>A recording's length says nothing of its tokens: what its provider reports counts, else what is set aside for any answer that nothing limits.</summary>
    [Theory]
    [InlineData("""{"text":"Hi","usage":{"type":"tokens","input_tokens":14,"output_tokens":2,"total_tokens":16}}""", 200, 16)]
    [InlineData("""{"text":"Hi","usage":{"type":"duration","seconds":9}}""", 200, 4096)]
    [InlineData("""{"error":{"message":"down"}}""", 500, 0)]
    public async Task Budget_OfARecording_HoldsWhatWasReported(string answer, int status, int spent)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(answer, status));
        await using var gateway = await StartAsync(upstream, s_shop with { Budgets = [new Budget(BudgetPeriod.Month, BudgetUnit.Tokens, 10_000)] });
        using var form = new MultipartFormDataContent { { new StringContent("chat"), "model" }, { new ByteArrayContent(new byte[5000]), "file", "a.wav" } };

        using var response = await gateway.SendAsync("/v1/audio/transcriptions", form, CancellationToken.None, ("Authorization", "Bearer shop"));
        await response.Content.ReadAsStringAsync();

        Assert.Equal(status, (int)response.StatusCode);
        await Waiting.UntilAsync(() => Math.Abs(Used(gateway) - (spent / 10_000.0)) < 1e-9);
    }

    /// <summary>To read or delete an answer asks no model.</summary>
    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task Budget_OfAHeldAnswer_IsNotTouched(string method)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(
            """{"id":"resp_1","object":"response","status":"completed","model":"m","output":[],"usage":{"input_tokens":7,"output_tokens":3,"total_tokens":10}}"""));
        await using var gateway = await GatewayHost.StartAsync();
        var model = GatewayHost.Model("m", upstream);
        gateway.Publish(
            [s_shop with { Budgets = [new Budget(BudgetPeriod.Month, BudgetUnit.Tokens, 10_000)] }],
            GatewayHost.Route(model with { Provider = model.Provider with { Responses = true } }));
        (await gateway.PostToAsync("/v1/responses", """{"model":"chat","input":"Hello","max_output_tokens":9}""", ("Authorization", "Bearer shop"))).Dispose();
        await Waiting.UntilAsync(() => Math.Abs(Used(gateway) - 0.001) < 1e-9);

        using var message = new HttpRequestMessage(new HttpMethod(method), new Uri(gateway.Url, "/v1/responses/resp_1"));
        message.Headers.Add("Authorization", "Bearer shop");
        using var held = await gateway.Http.SendAsync(message);

        Assert.Equal((HttpStatusCode.OK, method), (held.StatusCode, upstream.Requests.Last().Method));
        Assert.Equal(0.001, Used(gateway), 9);
    }

    private static double Used(GatewayHost gateway) => Assert.Single(gateway.Services.GetRequiredService<BudgetLedger>().Accounts).Used;

    /// <summary>A request that may come to so many tokens: its bytes, and an answer of one.</summary>
    private static string Padded(int tokens)
    {
        const string Empty = """{"model":"chat","max_tokens":1,"messages":[{"role":"user","content":""}]}""";
        return Empty.Insert(Empty.Length - 4, new string('x', tokens - 1 - Empty.Length));
    }

    private static async Task<GatewayHost> StartAsync(StubUpstream upstream, ClientSnapshot client, ProviderKind kind = ProviderKind.OpenAi)
    {
        var gateway = await GatewayHost.StartAsync();
        gateway.Publish([client], GatewayHost.Route(GatewayHost.Model("m", upstream, kind), new RouteLimits { Retries = 0 }));
        return gateway;
    }

    private static async Task<HttpResponseMessage> AskAsync(GatewayHost gateway, string body, ProviderKind protocol = ProviderKind.OpenAi, string key = "shop")
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, protocol == ProviderKind.OpenAi ? "/v1/chat/completions" : "/v1/messages"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        message.Headers.Add(protocol == ProviderKind.OpenAi ? "Authorization" : "x-api-key", protocol == ProviderKind.OpenAi ? "Bearer " + key : key);
        return await gateway.Http.SendAsync(message, body.Contains("\"stream\":true", StringComparison.Ordinal) ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead);
    }
}
