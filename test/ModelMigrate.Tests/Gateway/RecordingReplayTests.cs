using System.Text.Json.Nodes;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Http;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

/// <summary>Every recording of the OpenAI API, replayed to a client of that protocol: what the provider said is what the client gets.</summary>
public sealed class RecordingReplayTests
{
    /// <summary>Endpoints that the gateway does not know: a route that passes such on says so.</summary>
    private static readonly HashSet<string> s_unknown = new(StringComparer.Ordinal) { "/v1/images/generations" };

    public static TheoryData<string> Names => [.. Recording.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Answer_EveryRecording_ReachesTheClientAsItWasSaid(string name)
    {
        var recording = Recording.Load(name);
        await using var upstream = await StubUpstream.StartAsync(recording.Replay());
        var model = GatewayHost.Model("m", upstream);
        var route = GatewayHost.Migrating(model, model, new RouteLimits { Retries = 0 });
        var asked = ModelOf(recording);
        await using var gateway = await GatewayHost.StartAsync(route with { Id = new RouteId(asked), PassThrough = s_unknown.Contains(recording.Path) });

        using var response = await gateway.Http.PostAsync(new Uri(gateway.Url, recording.Path), recording.Body(asked));
        var got = await response.Content.ReadAsStringAsync();

        Assert.Equal(recording.Answer, got);
        Assert.Equal((recording.Status, recording.ContentType), ((int)response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        Assert.Equal(Kept(recording), Kept(response));
        AssertAsked(recording, asked, upstream.Requests.Single());
        AssertMetered(recording, gateway);
    }

    [Fact]
    public void Tables_EveryName_IsARecordingsOwn()
    {
        var recordings = Recording.Names.Select(Recording.Load).ToList();

        Assert.Equal(29, recordings.Count);
        Assert.Subset(recordings.Select(r => r.Path).ToHashSet(), s_unknown);
    }

    /// <summary>The provider was asked what the client asked, but for the model's name and the wish for usage.</summary>
    private static void AssertAsked(Recording recording, string asked, StubUpstream.Received received)
    {
        Assert.Equal(recording.Path, received.Path);
        if (recording.RequestType != "application/json")
        {
            Assert.Contains("m-name", received.Text, StringComparison.Ordinal);
            return;
        }

        var wanted = recording.Request.Replace($"\"{asked}\"", "\"m-name\"", StringComparison.Ordinal);
        var addsUsage = recording.IsStream && !recording.Request.Contains("include_usage", StringComparison.Ordinal);
        Assert.Equal(addsUsage ? "{\"stream_options\":{\"include_usage\":true}," + wanted[1..] : wanted, received.Text);
    }

    private static void AssertMetered(Recording recording, GatewayHost gateway)
    {
        if (s_unknown.Contains(recording.Path))
        {
            Assert.Empty(gateway.Ended());
            return;
        }

        // A provider that does not know the route's model met a mistake in the configuration, which is the arm's.
        var ended = gateway.Ended().Single();
        Assert.Equal(recording.Status switch { 200 => Outcome.Ok, 404 => Outcome.Error, _ => Outcome.ClientError }, ended.Outcome);
        if (recording.IsChat)
        {
            Assert.Equal(UsageOf(recording), (ended.InputTokens, ended.OutputTokens));
        }
    }

    /// <summary>The usage that an answer, or a stream's last chunk before its end mark, reports; zero for none.</summary>
    private static (long Input, long Output) UsageOf(Recording recording)
    {
        var json = recording.IsStream ? recording.Events.ToList()[^2]["data: ".Length..] : recording.Answer;
        return JsonNode.Parse(json)!["usage"] is JsonObject usage
            ? (usage["prompt_tokens"]!.GetValue<long>(), usage["completion_tokens"]!.GetValue<long>())
            : (0, 0);
    }

    /// <summary>A recorder leaves out what a form holds, the model among it.</summary>
    private static string ModelOf(Recording recording) =>
        recording.RequestType == "application/json" ? JsonNode.Parse(recording.Request)!["model"]!.GetValue<string>() : "whisper-1";

    private static IEnumerable<string> Kept(Recording recording) => Kept(recording.Headers);

    private static IEnumerable<string> Kept(HttpResponseMessage response) => Kept(response.Headers.Select(h => (h.Key, h.Value.Single())));

    /// <summary>What a provider says of the request; the rest is about its own network, and ours tells its own.</summary>
    private static IEnumerable<string> Kept(IEnumerable<(string Name, string Value)> headers) =>
        headers.Where(h => HeaderRules.MayReturn(h.Name)).Select(h => $"{h.Name.ToLowerInvariant()}: {h.Value}").Order(StringComparer.Ordinal);
}
