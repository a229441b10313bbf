using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Ingress.OpenAi.Translating;
using ModelMigrate.Tests.Gateway.Translation;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

/// <summary>Every chat recording of the OpenAI API, asked for by a client of the Anthropic protocol: it learns all that its protocol can say.</summary>
public sealed class RecordedMessagesTests
{
    /// <summary>What could not be said, by recording: of the question on its way there, of the answer (<c>answer.</c>) on its way back.</summary>
    private static readonly Dictionary<string, string> s_changes = new(StringComparer.Ordinal)
    {
        ["chat-text-to-audio"] = "answer.audio: dropped",
    };

    public static TheoryData<string> Names => [.. Recording.Names.Where(name => name.StartsWith("chat-", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Answer_EveryChatRecording_SaysTheSame(string name)
    {
        var recording = Recording.Load(name);
        await using var upstream = await StubUpstream.StartAsync(recording.Replay());
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream), new RouteLimits { Retries = 0 }));

        using var response = await gateway.Http.PostAsync(
            new Uri(gateway.Url, "/v1/messages"), new StringContent(Question(recording), new MediaTypeHeaderValue("application/json")));
        var got = await response.Content.ReadAsStringAsync();

        Assert.Equal(s_changes.GetValueOrDefault(name), response.Headers.TryGetValues("x-model-migrate-changes", out var changes) ? changes.Single() : null);
        if (recording.Status == 200)
        {
            Assert.Equal(200, (int)response.StatusCode);
            Assert.Equal(Said(recording), recording.IsStream ? StreamedMessage(got) : Message(JsonNode.Parse(got)!));
        }
        else
        {
            AssertFailed(recording, (int)response.StatusCode, JsonNode.Parse(got)!);
        }
    }

    [Fact]
    public void Changes_EveryName_IsARecordingsOwn() => Assert.Subset(Recording.Names.ToHashSet(), s_changes.Keys.ToHashSet());

    /// <summary>
    /// The recorded question in the words of the other protocol; a plain one where it has none for it (audio, searches, no user's message), as
    /// the answer is recorded anyhow.
    /// </summary>
    private static string Question(Recording recording)
    {
        var body = Encoding.UTF8.GetBytes(recording.Request);
        var asked = Codec.Scan(ProviderKind.OpenAi, recording.Request)!.ObstacleAt(Codec.Model(ProviderKind.Anthropic)) is null && Translator.TryTranslate(body, out var request, out _)
            ? Codec.Write(Codec.Model(ProviderKind.Anthropic, "m", Abilities.StructuredOutputs), request)
            : """{"max_tokens":99,"messages":[{"role":"user","content":"Hello"}]}""";
        var question = JsonNode.Parse(asked)!;
        question["model"] = "chat";
        question["stream"] = recording.IsStream;
        return question.ToJsonString();
    }

    private static void AssertFailed(Recording recording, int status, JsonNode got)
    {
        Assert.Equal("error", got["type"]!.GetValue<string>());
        var (type, message) = (got["error"]!["type"]!.GetValue<string>(), got["error"]!["message"]!.GetValue<string>());
        Assert.Equal((recording.Status, recording.Status == 404 ? "not_found_error" : "invalid_request_error"), (status, type));
        Assert.Equal(JsonNode.Parse(recording.Answer)!["error"]!["message"]!.GetValue<string>(), message);
    }

    /// <summary>What the provider said: text, calls, why it stopped, tokens.</summary>
    private static Content Said(Recording recording)
    {
        if (!recording.IsStream)
        {
            var answer = JsonNode.Parse(recording.Answer)!;
            var choice = answer["choices"]![0]!;
            return Of(choice["message"]!["content"]?.GetValue<string>() ?? "", choice["message"]!["tool_calls"] as JsonArray ?? [], choice["finish_reason"]!.GetValue<string>(), answer["usage"]);
        }

        var chunks = recording.Events.Select(e => e["data: ".Length..].Trim()).Where(data => data != "[DONE]").Select(data => JsonNode.Parse(data)!).ToList();
        var choices = chunks.SelectMany(chunk => chunk["choices"]!.AsArray()).ToList();
        return Of(
            string.Concat(choices.Select(choice => choice!["delta"]!["content"]?.GetValue<string>())), [],
            choices.Select(choice => choice!["finish_reason"]?.GetValue<string>()).Single(reason => reason is not null)!, chunks[^1]["usage"]);
    }

    private static Content Of(string text, JsonArray calls, string finish, JsonNode? usage)
    {
        var cached = Number(usage?["prompt_tokens_details"]?["cached_tokens"]);
        return new Content(
            text, string.Join('\n', calls.Select(call => $"{call!["id"]} {call["function"]!["name"]} {JsonNode.Parse(call["function"]!["arguments"]!.GetValue<string>())!.ToJsonString()}")),
            finish switch { "stop" => "end_turn", "length" => "max_tokens", "tool_calls" => "tool_use", _ => finish },
            Number(usage?["prompt_tokens"]) - cached, cached, Number(usage?["completion_tokens"]));
    }

    private static Content Message(JsonNode message) => new(
        string.Concat(message["content"]!.AsArray().Where(block => Is(block!, "text")).Select(block => block!["text"])),
        string.Join('\n', message["content"]!.AsArray().Where(block => Is(block!, "tool_use")).Select(block => $"{block!["id"]} {block["name"]} {block["input"]!.ToJsonString()}")),
        message["stop_reason"]!.GetValue<string>(),
        Number(message["usage"]!["input_tokens"]), Number(message["usage"]!["cache_read_input_tokens"]), Number(message["usage"]!["output_tokens"]));

    /// <summary>The message that a stream of plain text builds.</summary>
    private static Content StreamedMessage(string stream)
    {
        var events = stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => JsonNode.Parse(e.Split("data: ")[1])!).ToList();
        Assert.Equal("message_stop", events[^1]["type"]!.GetValue<string>());
        var end = events.Single(e => Is(e, "message_delta"));
        return new Content(
            string.Concat(events.Where(e => Is(e, "content_block_delta")).Select(e => e["delta"]!["text"]!.GetValue<string>())), "",
            end["delta"]!["stop_reason"]!.GetValue<string>(),
            Number(end["usage"]!["input_tokens"]), Number(end["usage"]!["cache_read_input_tokens"]), Number(end["usage"]!["output_tokens"]));
    }

    private static bool Is(JsonNode node, string type) => node["type"]!.GetValue<string>() == type;

    private static long Number(JsonNode? node) => node?.GetValue<long>() ?? 0;

    private sealed record Content(string Text, string Calls, string Stop, long Input, long Cached, long Output);
}
