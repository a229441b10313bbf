using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Endpoints;

public sealed class EmbeddingTests
{
    private const string Path = "/v1/embeddings";

    private const string Answer = """
        {"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.6,0.8]}],"model":"e-2026","usage":{"prompt_tokens":5,"total_tokens":5}}
        """;

    private const string Body = """{"model":"chat","input":"Hello"}""";

    [Theory]
    [InlineData("embeddings-basic", 7)]
    [InlineData("embeddings-base64", 7)]
    [InlineData("embeddings-tokens", 7)]
    [InlineData("embeddings-large-text", 111)]
    [InlineData("embeddings-max-tokens", 1139)]
    public async Task Recorded_Embedding_BytesCrossAndTokensAreMetered(string name, int tokens)
    {
        var recording = Recording.Load(name);
        await using var upstream = await StubUpstream.StartAsync(recording.Replay());
        var model = GatewayHost.Model("m", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model) with { Id = new RouteId("text-embedding-3-small") });

        using var response = await gateway.PostToAsync(Path, recording.Request);

        Assert.Equal(recording.Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal("text-embedding-3-small", response.Headers.GetValues("Openai-Model").Single());
        var sent = Assert.Single(upstream.Requests);
        Assert.Equal(recording.Request.Replace("\"text-embedding-3-small\"", "\"m-name\"", StringComparison.Ordinal), sent.Text);
        Assert.Equal("/v1/embeddings", sent.Path);
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((Outcome.Ok, tokens, 0, "text-embedding-3-small"), (ended.Outcome, ended.InputTokens, ended.OutputTokens, ended.ModelVersion));
        Assert.Equal(tokens / 1000m, ended.Cost);
    }

    [Fact]
    public async Task RecordedUnknownModel_OfTheProvider_IsToldInItsWords()
    {
        await using var upstream = await StubUpstream.StartAsync(Recording.Load("embeddings-unknown-model").Replay());
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));

        using var response = await gateway.PostToAsync(Path, Body);

        Assert.Equal(404, (int)response.StatusCode);
        Assert.Equal(Recording.Load("embeddings-unknown-model").Answer, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("float")]
    [InlineData("base64")]
    public async Task Simulated_Batch_GivesEveryTextItsVector(string format)
    {
        await using var upstream = await SimulatedProvider.StartAsync(
            new() { Protocol = SimulationProtocol.OpenAi, Faults = FaultSchedule.Default with { LatencyMedian = TimeSpan.Zero } }, TimeProvider.System);
        await using var gateway = await GatewayHost.StartAsync(Simulated(upstream));

        using var response = await gateway.PostToAsync(Path, $$"""{"model":"chat","input":["a","b","a"],"dimensions":3,"encoding_format":"{{format}}"}""");
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        var vectors = answer.RootElement.GetProperty("data").EnumerateArray().Select(e => e.GetProperty("embedding").GetRawText()).ToList();
        Assert.Equal(3, vectors.Count);
        Assert.Equal(vectors[0], vectors[2]);
        Assert.NotEqual(vectors[0], vectors[1]);
        Assert.Equal(3, format == "float" ? vectors[0].Split(',').Length : Convert.FromBase64String(vectors[0].Trim('"')).Length / sizeof(float));
    }

    [Fact]
    public async Task Migration_FailedTarget_IsAnsweredByTheSourceAndCharged()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(GatewayHost.Model("s", source), GatewayHost.Model("t", target)));

        using var response = await gateway.PostToAsync(Path, Body);

        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal("target", response.Headers.GetValues("x-model-migrate-arm").Single());
        Assert.Equal("s", response.Headers.GetValues("x-model-migrate-model").Single());
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((Outcome.Error, true), (ended.Outcome, ended.Rescued));
    }

    /// <summary>Equal texts fall to one arm, and different ones to both.</summary>
    [Fact]
    public async Task Migration_Split_IsByTheText()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Migrating(GatewayHost.Model("s", source), GatewayHost.Model("t", target), weightPpm: 500_000));
        var arms = new List<string>();
        foreach (var word in "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu".Split(' '))
        {
            for (var i = 0; i < 2; i++)
            {
                using var response = await gateway.PostToAsync(Path, $$"""{"model":"chat","input":"{{word}}"}""");
                arms.Add(response.Headers.GetValues("x-model-migrate-arm").Single());
            }
        }

        Assert.All(arms.Chunk(2), pair => Assert.Equal(pair[0], pair[1]));
        Assert.Equal(2, arms.Distinct().Count());
    }

    /// <summary>A list shorter than what was asked for would put vectors to the wrong texts.</summary>
    [Theory]
    [InlineData("""{"object":"list","data":[{"index":0,"embedding":[1]}],"usage":{"prompt_tokens":1}}""")]
    [InlineData("""{"object":"list","data":[{"index":0,"embedding":[1]},{"index":1,"embedding":null}],"usage":{"prompt_tokens":1}}""")]
    [InlineData("""{"object":"list","data":{}}""")]
    [InlineData("""{"choices":[{"index":0,"message":{"content":"hi"},"finish_reason":"stop"}]}""")]
    public async Task Answer_WithoutAllVectors_IsNoSuccess(string answer)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream), new RouteLimits { Retries = 0 }));

        using var response = await gateway.PostToAsync(Path, """{"model":"chat","input":["a","b"]}""");

        Assert.Equal(502, (int)response.StatusCode);
        Assert.Contains("\"upstream_malformed\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migration_TargetWithoutEmbeddings_IsTheSourcesAndUncounted()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var target = await StubUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Migrating(GatewayHost.Model("s", source), GatewayHost.Model("t", target, ProviderKind.Anthropic)));

        using var response = await gateway.PostToAsync(Path, Body);

        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal("/v1/embeddings", response.Headers.GetValues("x-model-migrate-untranslatable").Single());
        Assert.Empty(target.Requests);
        Assert.Empty(gateway.Ended());
    }

    internal static RouteSnapshot Simulated(SimulatedProvider upstream) => Snapshots.Route(model: Snapshots.Model("m", url: upstream.BaseUrl.AbsoluteUri));
}
