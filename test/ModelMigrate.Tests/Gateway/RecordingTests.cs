using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

/// <summary>Real traffic of the providers, replayed through the gateway.</summary>
public sealed class RecordingTests
{
    [Fact]
    public async Task OpenAi_RecordedStreamWithoutTheWishForUsage_ChunkWithheldAndMetered()
    {
        var recording = Recording.Load("chat-streaming-detailed-usage");
        await using var upstream = await StubUpstream.StartAsync(recording.Replay());
        await using var gateway = await GatewayHost.StartAsync(Route(upstream));
        using var request = JsonDocument.Parse(recording.Request);
        var unwished = JsonSerializer.Serialize(request.RootElement.EnumerateObject().Where(p => p.Name != "stream_options").ToDictionary(p => p.Name, p => p.Value));

        using var response = await gateway.PostAsync(unwished);

        var events = recording.Answer.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            string.Concat(events.Where(e => !e.Contains("\"choices\":[]", StringComparison.Ordinal)).Select(e => e + "\n\n")),
            await response.Content.ReadAsStringAsync());
        Assert.Equal(
            unwished.Replace("{\"max", "{\"stream_options\":{\"include_usage\":true},\"max", StringComparison.Ordinal)
                .Replace("\"gpt-5-nano\"", "\"m-name\"", StringComparison.Ordinal),
            Assert.Single(upstream.Requests).Text);
        var ended = await EndedAsync(gateway);
        Assert.Equal((12, 100), (ended.InputTokens, ended.OutputTokens));
    }

    [Fact]
    public async Task Anthropic_RecordedMessage_TextUsageAndFinish()
    {
        var answer = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Gateway", "Recordings", "message_basic.json"));
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(answer));
        var model = GatewayHost.Model("a", upstream, ProviderKind.Anthropic);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model));

        using var response = await gateway.PostAsync(ChatSamples.Plain);
        using var got = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        var choice = got.RootElement.GetProperty("choices")[0];
        Assert.Equal("Hi there! How are you doing today? Is there anything I can help you with?", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal("claude-haiku-4-5-20251001", got.RootElement.GetProperty("model").GetString());

        // 15 fresh, 13 written to the cache and 12 read from it: all of them are input.
        Assert.Equal((40, 21), UsageOf(got.RootElement.GetRawText()));
        var ended = await EndedAsync(gateway);
        Assert.Equal((Outcome.Ok, 40, 21), (ended.Outcome, ended.InputTokens, ended.OutputTokens));
    }

    private static RouteSnapshot Route(StubUpstream upstream)
    {
        var model = GatewayHost.Model("m", upstream);
        return GatewayHost.Migrating(model, model, new RouteLimits { Retries = 0 }) with { Id = new RouteId("gpt-5-nano") };
    }

    /// <summary>A request is observed after its last byte was sent.</summary>
    private static async Task<Observation> EndedAsync(GatewayHost gateway)
    {
        List<Observation> ended;
        while ((ended = gateway.Ended()).Count == 0)
        {
            await Task.Yield();
        }

        return ended.Single();
    }

    /// <summary>The usage that an answer, or a stream's last chunk before its end mark, reports; zero for none.</summary>
    private static (long Input, long Output) UsageOf(string answer)
    {
        var json = answer.StartsWith("data: ", StringComparison.Ordinal) ? answer.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^2]["data: ".Length..] : answer;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("usage", out var usage)
            ? (usage.GetProperty("prompt_tokens").GetInt64(), usage.GetProperty("completion_tokens").GetInt64())
            : (0, 0);
    }
}
