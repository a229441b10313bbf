using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

public sealed class AdmissionTests
{
    [Fact]
    public async Task MaxConcurrent_AllPlacesTaken_429WithRetryAfter()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(ChatSamples.Chunks[..2]));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)) with { MaxConcurrent = 1 });

        var first = await gateway.PostAsync(ChatSamples.Streamed);
        using var second = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal("1", second.Headers.GetValues("Retry-After").Single());
        Assert.Contains("\"max_concurrent\"", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        first.Dispose();
        await upstream.Requests.First().Gone.Task;
        upstream.Answers = StubUpstream.Json(ChatSamples.Answer);
        HttpResponseMessage third;
        while ((third = await gateway.PostAsync(ChatSamples.Plain)).StatusCode != HttpStatusCode.OK)
        {
            third.Dispose();
        }

        third.Dispose();
    }

    [Fact]
    public async Task ClientKeys_Configured_OnlyKnownKeysPass()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var route = GatewayHost.Route(GatewayHost.Model("m", upstream));
        await using var gateway = await GatewayHost.StartAsync(route);
        gateway.Publish(FrozenSet.ToFrozenSet([Convert.ToHexStringLower(SHA256.HashData("mm-key"u8))], StringComparer.Ordinal), route);

        foreach (var (header, status) in (IEnumerable<(string, HttpStatusCode)>)[("", HttpStatusCode.Unauthorized), ("Bearer other", HttpStatusCode.Unauthorized), ("Basic mm-key", HttpStatusCode.Unauthorized), ("Bearer mm-key", HttpStatusCode.OK)])
        {
            using var response = await gateway.PostAsync(ChatSamples.Plain, default, ("Authorization", header));
            Assert.Equal(status, response.StatusCode);
            using var list = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Url, "/v1/models"));
            list.Headers.TryAddWithoutValidation("Authorization", header);
            using var models = await gateway.Http.SendAsync(list);
            Assert.Equal(status, models.StatusCode);
        }
    }

    [Fact]
    public async Task Drain_NewRefusedAndRunningEndsAfterTheGrace()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(ChatSamples.Chunks[..2]));
        var model = GatewayHost.Model("m", upstream);
        var patient = new RouteLimits { Idle = TimeSpan.FromMinutes(5) };
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model, patient));
        using var running = await gateway.PostAsync(ChatSamples.Streamed);

        gateway.Drain.Begin();
        using var refused = await gateway.PostAsync(ChatSamples.Plain);
        gateway.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(gateway.Drain.Expired.IsCancellationRequested);
        gateway.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("\"draining\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.EndsWith(
            "data: {\"error\":{\"message\":\"The gateway is shutting down. Send the request again.\",\"type\":\"api_error\",\"param\":null,\"code\":\"unavailable\"}}\n\n",
            await BrokenStream.ReadAsync(running), StringComparison.Ordinal);
        Assert.Equal(Outcome.Canceled, gateway.Ended().Single().Outcome);
    }

    [Fact]
    public async Task Lease_Lost_TargetsTrafficGoesToTheSourceUncounted()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(GatewayHost.Model("s", source), GatewayHost.Model("t", target)));

        gateway.Clock.Advance(TimeSpan.FromSeconds(31));
        using (await gateway.PostAsync(ChatSamples.Plain))
        {
        }

        Assert.Equal((1, 0), (source.Requests.Count, target.Requests.Count));
        Assert.Empty(gateway.Ended());
        gateway.Feed.Renew();
        using (await gateway.PostAsync(ChatSamples.Plain))
        {
        }

        Assert.Equal((1, 1), (source.Requests.Count, target.Requests.Count));
        Assert.Single(gateway.Ended());
    }

    [Theory]
    [InlineData("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"f\"}}]", "tools")]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"something_new\":true", "something_new")]
    public async Task Untranslatable_TargetOfAnotherProtocol_SourceAnswersUncountedAndSaysSo(string field, string name)
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(
            GatewayHost.Model("s", source), GatewayHost.Model("t", target, ProviderKind.Anthropic)));

        using var response = await gateway.PostAsync(ChatSamples.Plain.Replace("{\"model\"", $"{{{field},\"model\"", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((1, 0), (source.Requests.Count, target.Requests.Count));
        Assert.Equal(name, response.Headers.GetValues("x-model-migrate-untranslatable").Single());
        Assert.Empty(gateway.Ended());
    }

    [Theory]
    [InlineData(ResponseHeadersMode.Full, 6)]
    [InlineData(ResponseHeadersMode.Id, 1)]
    [InlineData(ResponseHeadersMode.None, 0)]
    public async Task ResponseHeaders_ByMode(ResponseHeadersMode mode, int count)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var model = GatewayHost.Model("m", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model) with { ResponseHeaders = mode });

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(count, response.Headers.Count(h => h.Key.StartsWith("x-model-migrate-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task StickyHeader_SameUser_AlwaysTheSameArmAndAsPredicted()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(
            GatewayHost.Model("s", source), GatewayHost.Model("t", target), weightPpm: 500_000));

        for (var i = 0; i < 40; i++)
        {
            var user = "user-" + (i % 20).ToString(CultureInfo.InvariantCulture);
            using var response = await gateway.PostAsync(ChatSamples.Plain, default, ("x-user-id", user));
            var arm = Bucketing.Bucket(Encoding.UTF8.GetBytes(user), 7) < 500_000 ? "target" : "source";
            Assert.Equal(arm, response.Headers.GetValues("x-model-migrate-arm").Single());
        }
    }
}
