using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Endpoints;

public sealed class CompletionTests
{
    private const string Path = "/v1/completions";

    [Theory]
    [InlineData("completion-basic", "babbage-002", 31, 25)]
    [InlineData("completion-suffix", "gpt-3.5-turbo-instruct", 25, 30)]
    [InlineData("completion-text-batch", "babbage-002", 49, 58)]
    [InlineData("completion-token", "babbage-002", 31, 25)]
    [InlineData("completion-streaming-usage", "babbage-002", 31, 25)]
    public async Task Recorded_Completion_BytesCrossAndTokensAreMetered(string name, string asked, int input, int output)
    {
        var recording = Recording.Load(name);
        await using var upstream = await StubUpstream.StartAsync(recording.Replay());
        var model = GatewayHost.Model("m", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model) with { Id = new RouteId(asked) });

        using var response = await gateway.PostToAsync(Path, recording.Request);

        Assert.Equal(recording.Answer, await response.Content.ReadAsStringAsync());
        var sent = Assert.Single(upstream.Requests);
        Assert.Equal(recording.Request.Replace($"\"{asked}\"", "\"m-name\"", StringComparison.Ordinal), sent.Text);
        Assert.Equal("/v1/completions", sent.Path);
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((Outcome.Ok, input, output), (ended.Outcome, ended.InputTokens, ended.OutputTokens));
        Assert.NotNull(ended.ModelVersion);
    }

    [Fact]
    public async Task RecordedUnknownModel_OfTheProvider_IsToldInItsWords()
    {
        await using var upstream = await StubUpstream.StartAsync(Recording.Load("completion-unknown-model").Replay());
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));

        using var response = await gateway.PostToAsync(Path, """{"model":"chat","prompt":"a"}""");

        Assert.Equal(404, (int)response.StatusCode);
        Assert.Equal(Recording.Load("completion-unknown-model").Answer, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Two prompts, two answers each: the stream is whole when the fourth has ended, and usage is metered that nobody asked for.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(",\"stream_options\":{\"include_usage\":true}")]
    public async Task Simulated_StreamOfABatch_IsWholeAndMetered(string options)
    {
        await using var upstream = await SimulatedProvider.StartAsync(
            new() { Protocol = SimulationProtocol.OpenAi, Faults = FaultSchedule.Default with { LatencyMedian = TimeSpan.Zero } }, TimeProvider.System);
        var model = EmbeddingTests.Simulated(upstream).Model;
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model));

        using var response = await gateway.PostToAsync(Path, $$"""{"model":"chat","prompt":["one","two"],"n":2,"echo":true,"stream":true{{options}}}""");
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("data: [DONE]", events[^1]);
        var chunks = events[..^1].Select(e => JsonDocument.Parse(e["data: ".Length..]).RootElement).ToList();
        Assert.Equal(options.Length > 0, chunks.Exists(c => c.GetProperty("choices").GetArrayLength() == 0));
        var choices = chunks.SelectMany(c => c.GetProperty("choices").EnumerateArray()).ToLookup(c => c.GetProperty("index").GetInt32(), c => c.GetProperty("text").GetString());
        Assert.Equal(4, choices.Count);
        Assert.All(choices, choice => Assert.StartsWith(choice.Key < 2 ? "one" : "two", string.Concat(choice), StringComparison.Ordinal));
        var ended = Assert.Single(gateway.Ended());
        Assert.True(ended is { Outcome: Outcome.Ok, InputTokens: > 0, OutputTokens: > 0, FirstToken: not null });
    }

    /// <summary>A batch is whole when each of its prompts is answered: a pause after the first answer's end is not the stream's.</summary>
    [Fact]
    public async Task Stream_OfTwoPrompts_PauseAfterTheFirstIsWaitedOut()
    {
        static string Event(int index) =>
            $$"""data: {"id":"c","object":"text_completion","choices":[{"text":"t{{index}}","index":{{index}},"logprobs":null,"finish_reason":"stop"}],"model":"m"}""" + "\n\n";
        var rest = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await StubUpstream.StartAsync(async (context, received) =>
        {
            await StubUpstream.Events(Event(0))(context, received);
            await rest.Task;
            await context.Response.WriteAsync(Event(1) + "data: [DONE]\n\n");
        });
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));

        using var response = await gateway.PostToAsync(Path, """{"model":"chat","prompt":["a","b"],"stream":true}""");
        await using var stream = await response.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[Event(0).Length]);
        for (var i = 0; i < 10; i++)
        {
            // Longer than what is waited for behind a whole answer, and in all shorter than the idle limit.
            gateway.Clock.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        rest.SetResult();
        using var reader = new StreamReader(stream);
        Assert.Equal(Event(1) + "data: [DONE]\n\n", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Stream_CutAfterItBegan_EndsInAnErrorEventAndNoEndMark()
    {
        const string Event = """data: {"id":"c","object":"text_completion","choices":[{"text":"Hi","index":0,"logprobs":null,"finish_reason":null}],"model":"m"}""" + "\n\n";
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(Event));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)) with { OnCut = CutPolicy.Resume });

        using var response = await gateway.PostToAsync(Path, """{"model":"chat","prompt":"a","stream":true}""");
        Assert.Single(upstream.Requests).Cut.SetResult();
        var got = new MemoryStream();
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.CopyToAsync(got));

        var text = System.Text.Encoding.UTF8.GetString(got.ToArray());
        Assert.StartsWith(Event + "data: {\"error\":{\"message\":", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migration_TargetOfAnotherProtocol_IsTheSourcesAndUncounted()
    {
        const string Answer = """{"id":"c","object":"text_completion","model":"m","choices":[{"text":"b","index":0,"finish_reason":"stop"}]}""";
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var target = await StubUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Migrating(GatewayHost.Model("s", source), GatewayHost.Model("t", target, ProviderKind.Anthropic)));

        using var response = await gateway.PostToAsync(Path, """{"model":"chat","prompt":"a"}""");

        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal("/v1/completions", response.Headers.GetValues("x-model-migrate-untranslatable").Single());
        Assert.Empty(gateway.Ended());
    }
}
