using System.Net;
using ModelMigrate.Core.Observing;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

public sealed class PassthroughTests
{
    [Fact]
    public async Task Plain_SameProtocol_BytesUntouchedButForTheModel()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(ChatSamples.Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal(ChatSamples.Plain.Replace("\"chat\"", "\"m-name\"", StringComparison.Ordinal), upstream.Requests.Single().Text);
    }

    [Fact]
    public async Task Streamed_UsageNotAskedFor_ChunkIsFetchedAndWithheld()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(ChatSamples.Chunks));
        var model = GatewayHost.Model("m", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model));

        using var response = await gateway.PostAsync(ChatSamples.Streamed);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(string.Concat(ChatSamples.Chunks.Where(c => c != ChatSamples.UsageChunk)), text);
        Assert.StartsWith("""{"stream_options":{"include_usage":true},"model":"m-name",""", upstream.Requests.Single().Text, StringComparison.Ordinal);
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((Outcome.Ok, 7, 3), (ended.Outcome, ended.InputTokens, ended.OutputTokens));
        Assert.Equal("m-2026", ended.ModelVersion);
        Assert.NotNull(ended.FirstToken);
    }

    [Fact]
    public async Task Streamed_UsageAskedFor_ChunkArrives()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(ChatSamples.Chunks));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));
        var body = ChatSamples.Streamed.Replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}", StringComparison.Ordinal);

        using var response = await gateway.PostAsync(body);

        Assert.Equal(string.Concat(ChatSamples.Chunks), await response.Content.ReadAsStringAsync());
        Assert.Equal(body.Replace("\"chat\"", "\"m-name\"", StringComparison.Ordinal), upstream.Requests.Single().Text);
    }

    [Fact]
    public async Task Headers_BothWays_OnlyTheListedOnesCross()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(
            ChatSamples.Answer, 200, ("openai-version", "v"), ("x-ratelimit-remaining-requests", "9"), ("set-cookie", "a=b"), ("server-timing", "x"),
            ("x-model-migrate-arm", "forged")));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));

        using var response = await gateway.PostAsync(
            ChatSamples.Plain, default, ("Authorization", "Bearer client"), ("Cookie", "c=d"), ("x-model-migrate-trace", "1"), ("openai-beta", "b"),
            ("anthropic-beta", "a"), ("Idempotency-Key", "i"), ("traceparent", "00-1-2-01"), ("x-custom", "no"), ("x-user-id", "u"));

        var sent = upstream.Requests.Single().Headers;
        Assert.Equal("Bearer m-key", sent["Authorization"]);
        Assert.Equal("identity", sent["Accept-Encoding"]);
        Assert.Equal(("b", "i", "00-1-2-01"), (sent["openai-beta"], sent["Idempotency-Key"], sent["traceparent"]));
        Assert.Equal(
            ["Accept-Encoding", "Authorization", "Content-Length", "Content-Type", "Host", "Idempotency-Key", "openai-beta", "traceparent"],
            sent.Keys.Order(StringComparer.OrdinalIgnoreCase));
        var got = response.Headers.Select(h => h.Key).Concat(response.Content.Headers.Select(h => h.Key)).Order(StringComparer.OrdinalIgnoreCase);
        Assert.Equal(
            [
                "Content-Length", "Content-Type", "Date", "openai-version", "x-model-migrate-arm", "x-model-migrate-model", "x-model-migrate-request-id",
                "x-model-migrate-revision", "x-model-migrate-route", "x-ratelimit-remaining-requests",
            ],
            got);
        Assert.Equal("source", response.Headers.GetValues("x-model-migrate-arm").Single());
        Assert.Equal("m", response.Headers.GetValues("x-model-migrate-model").Single());
    }
}
