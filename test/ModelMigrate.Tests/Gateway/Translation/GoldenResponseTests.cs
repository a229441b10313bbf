using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Gateway.Ingress.OpenAi.Responses;
using ModelMigrate.Providers.Bedrock;
using ModelMigrate.Providers.OpenAi.Responses;
using ModelMigrate.Tests.Conformance;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>Samples of the responses protocol that others keep: read without loss, and translated to it and from it as a second opinion has it, or why not.</summary>
public sealed partial class GoldenResponseTests
{
    /// <summary>Members that clients' libraries look for in every response, and that the other gateway leaves out.</summary>
    private static readonly string[] s_toldBack =
    [
        "background", "error", "incomplete_details", "instructions", "max_output_tokens", "max_tool_calls", "metadata", "parallel_tool_calls", "previous_response_id", "reasoning",
        "service_tier", "store", "temperature", "text", "tool_choice", "tools", "top_p", "truncation", "user",
    ];

    /// <summary>Where our translation differs from the other gateway's: the members that do, and why ours is right.</summary>
    private static readonly Dictionary<string, (string Members, string Why)> s_differences = new()
    {
        ["responses/assistant-history.openai"] = ("input", "their test adds prompts before and behind; ours is the client's own input."),
        ["responses/cache_control.gemini"] = (
            "messages stream", "prompt_cache_breakpoint is no field that providers of this protocol share: dropped and reported. Every server knows system, some know no developer. A text alone is a string; stream false is the default."),
        ["responses/input-list.gemini"] = ("", ""),
        ["responses/instructions.gemini"] = ("messages stream", "as in cache_control: system for developer, a text alone as a string, no stream false."),
        ["responses/parallel-tool-call.gemini"] = ("messages stream", "as in cache_control; content null beside calls is what the provider itself writes, and older servers demand it."),
        ["responses/input-list.bedrock"] = ("inferenceConfig", "the protocol demands no limit, so none is made up."),
        ["responses/instructions.bedrock"] = ("", ""),
        ["responses/parallel-tool-call.bedrock"] = (
            "messages toolConfig", "a result without a status has none, not null; the tools that the conversation names are declared, not a made-up one."),
        ["messages/tools.responses"] = (
            "input store stream tools", "a text alone is a string; silence about store and strict means yes to both, which the client did not ask for; stream false is the default."),
        ["messages/responses_agent_subset.responses"] = (
            "input instructions metadata reasoning store stream text tools user",
            "several system texts stay several; the name of the user is what the provider calls user, what else stands in metadata is reported; the schema is strict as the client's protocol has it; an image by "
            + "file id cannot be asked of another provider, so that the request is refused before; the entry names no effort; as in tools."),
        ["outputs/reasoning.responses-messages"] = ("content usage", "what the model thought is carried as thinking; both cache figures are always there in answers of Anthropic's own; service tiers of one vendor mean nothing at another."),
        ["outputs/tool.responses-messages"] = ("usage", "service tiers of one vendor mean nothing at another."),
        ["openai/basic"] = ("model output", "the model is the one that answered; logprobs is a list in OpenAI's own answers."),
        ["openai/gemini_zero_completion_tokens"] = ("model usage", "the reason for the cut is max_output_tokens in this protocol; completion_tokens is what the provider counted, and not the rest of its total."),
        ["openai/openrouter_reasoning"] = ("model output", "as in basic; what the model thought is carried as reasoning."),
        ["openai/tool_call"] = ("model", "as in basic."),
        ["bedrock/basic"] = ("model output", "as in openai/basic."),
        ["bedrock/max_tokens"] = ("model output", "as in openai/gemini_zero_completion_tokens and openai/basic; the message itself was written to its last token."),
        ["bedrock/reasoning"] = ("model output", "what the model thought is no text of its answer."),
        ["bedrock/tool"] = ("model output", "as in openai/basic; the arguments are kept as the provider wrote them, white space and all."),
        ["openai/stream_tool_empty_content"] = ("", ""),
        ["bedrock/basic-streaming"] = ("", ""),
        ["bedrock/tool-streaming"] = ("", ""),
        ["bedrock/reasoning-streaming"] = ("thinking", "what the model thought is no text of its answer."),
    };

    private static readonly byte[] s_asked = """{"model":"chat","input":"Hello"}"""u8.ToArray();

    public static TheoryData<string> Requests => [.. Names("responses")];

    public static TheoryData<string> Answers => [.. Names("outputs")];

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Gateway", "Translation", "Goldens");

    private static string BedrockFolder { get; } = Path.Combine(AppContext.BaseDirectory, "Providers", "Goldens", "bedrock");

    [Theory]
    [MemberData(nameof(Requests))]
    public void Request_EveryFile_LosesNothing(string name)
    {
        var body = Text($"responses/{name}.json");

        var read = NeutralText.Of(Read(body));

        Assert.DoesNotContain(GoldenRequestTests.Leaves(JsonNode.Parse(body)!), leaf => !read.Contains(leaf, StringComparison.Ordinal));
        Assert.True(ResponseReader.TryRead(Encoding.UTF8.GetBytes(body), out var scanned, out _) && scanned.Untranslatable is null);
    }

    [Theory]
    [InlineData("cache_control", "gemini")]
    [InlineData("input-list", "gemini")]
    [InlineData("instructions", "gemini")]
    [InlineData("parallel-tool-call", "gemini")]
    [InlineData("input-list", "bedrock")]
    [InlineData("instructions", "bedrock")]
    [InlineData("parallel-tool-call", "bedrock")]
    [InlineData("assistant-history", "openai")]
    public void Request_ToAnotherProtocol_AgreesWithTheSecondOpinionOrSaysWhyNot(string name, string to)
    {
        var body = Text($"responses/{name}.json");
        var (asked, stream) = (JsonNode.Parse(body)!, body.Contains("\"stream\": true", StringComparison.Ordinal));
        var model = Codec.Model(to == "bedrock" ? ProviderKind.Bedrock : ProviderKind.OpenAi, asked["model"]!.GetValue<string>());
        var ours = to switch
        {
            "openai" => body,
            "bedrock" => Encoding.UTF8.GetString(BedrockRequestWriter.Write(model, Read(body), new ChangeList()).Span),
            _ => Codec.Write(model, Read(body), stream: stream),
        };

        AssertAgrees($"responses/{name}.{to}", ours, Snap($"responses/{name}.{to}.snap", "request"));
    }

    /// <summary>Requests of messages, asked of a model of this protocol.</summary>
    [Theory]
    [InlineData("tools")]
    [InlineData("responses_agent_subset")]
    public void Request_OfMessages_AgreesWithTheSecondOpinionOrSaysWhyNot(string name)
    {
        var body = Text($"messages/{name}.json");
        var model = Codec.Model(ProviderKind.OpenAi, JsonNode.Parse(body)!["model"]!.GetValue<string>()) with { InResponses = true };

        AssertAgrees($"messages/{name}.responses", Codec.Write(model, Codec.Read(ProviderKind.Anthropic, body)), Snap($"messages/{name}.responses.snap", "request"));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Answer_EveryFile_SaidAndCountedInAnySplit(string name)
    {
        var (said, usage) = name switch
        {
            "custom-tool" => ("call 0: call_123 exec {\"cmd\":\"echo\"}\nfinish: ToolCalls", new Usage(10, 5, 4)),
            "reasoning" => ("thinking: The user asked for a short greeting. Keep it simple.\ntext: Hello! How can I assist you today?\nfinish: Stop", new Usage(18, 5, 0, 0, 8)),
            "stream-custom-tool" => ("call 0: call_123 exec const r = await tools.exec_command({cmd:\"echo\"}); text(r.output);\nfinish: ToolCalls", new Usage(10, 5, 4)),

            // A picture that a tool of the provider's draws is for clients whose own protocol has such tools: theirs pass as bytes.
            "stream-image" => ("finish: Stop", new Usage(1755, 1314, 0, 0, 1152)),
            "tool" => ("text: I will check that.\ncall 0: call_weather get_weather {\"location\":\"San Francisco\"}\nfinish: ToolCalls", new Usage(30, 5, 4, 6)),
            "truncated_tool_call" => ("call 0: call_1 get_weather {\"location\": \"Par\nfinish: Length", (Usage?)null),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "A file without a line here."),
        };
        var text = Text($"outputs/{name}.json");
        if (text.StartsWith('{'))
        {
            var result = Answer(text);
            Assert.Equal((said, usage), (NeutralText.Of(NeutralGen.Deltas(result, [7])), result.Usage));
            return;
        }

        foreach (var size in (int[])[1, 3, 64, 100_000])
        {
            var deltas = Events(text, size);
            Assert.Equal((said, usage), (NeutralText.Of(deltas), deltas.Last(d => d.Usage is not null).Usage));
        }
    }

    [Theory]
    [InlineData("reasoning")]
    [InlineData("tool")]
    public void Answer_ToAMessagesClient_AgreesWithTheSecondOpinionOrSaysWhyNot(string name) => AssertAgrees(
        $"outputs/{name}.responses-messages", Codec.WriteAnswer(ProviderKind.Anthropic, Answer(Text($"outputs/{name}.json"))), Snap($"outputs/{name}.responses-messages.snap", "response"));

    [Fact]
    public void Stream_ToAMessagesClient_SaysWhatTheSecondOpinionSays()
    {
        var call = new ModelCall { Model = Codec.Model(ProviderKind.Anthropic), Request = Read(Encoding.UTF8.GetString(s_asked)) };
        var ours = Codec.ReadStream(call, Codec.WriteStream(ProviderKind.Anthropic, Events(Text("outputs/stream-image.json"), 100)), [1000]);
        var theirs = Codec.ReadStream(call, Text("outputs/stream-image.responses-messages-streaming.snap").Split("\n---\n")[^1].Split("\n\n\n")[0], [1000]);

        Assert.Equal(NeutralText.Of(theirs), NeutralText.Of(ours));
        Assert.Equal((1755, 1314), ours.Last(d => d.Usage is not null).Usage is { } usage ? (usage.InputTokens, usage.OutputTokens) : default);
    }

    [Theory]
    [InlineData("openai/basic")]
    [InlineData("openai/gemini_zero_completion_tokens")]
    [InlineData("openai/openrouter_reasoning")]
    [InlineData("openai/tool_call")]
    [InlineData("bedrock/basic")]
    [InlineData("bedrock/max_tokens")]
    [InlineData("bedrock/reasoning")]
    [InlineData("bedrock/tool")]
    public void Answer_ToAResponsesClient_AgreesWithTheSecondOpinionOrSaysWhyNot(string name)
    {
        var isBedrock = name.StartsWith("bedrock/", StringComparison.Ordinal);
        var (folder, file) = isBedrock ? (BedrockFolder, name["bedrock/".Length..]) : (Folder, name);
        var body = File.ReadAllText(Path.Combine(folder, file + ".json"));
        var call = new ModelCall { Model = Codec.Model(isBedrock ? ProviderKind.Bedrock : ProviderKind.OpenAi), Request = Read(Encoding.UTF8.GetString(s_asked)) };
        var result = isBedrock ? new BedrockAnswerReader(call).Read(JsonSerializer.Deserialize(body, BedrockJson.Default.BedrockWire)!) : Codec.ReadAnswer(call, body);
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new ResponseWriter(s_asked, createdAt: 0);
        writer.Write(bytes, result);
        var ours = JsonNode.Parse(bytes.WrittenSpan)!.AsObject();
        foreach (var member in s_toldBack)
        {
            Assert.True(ours.Remove(member), member);
        }

        var theirs = File.ReadAllText(Path.Combine(folder, $"{file}.{(isBedrock ? "bedrock" : "completions")}-responses.snap"));
        var opinion = JsonNode.Parse(theirs.Split("\n---\n")[^1])!["response"]!.AsObject();
        opinion.Remove("incomplete_details");
        foreach (var item in ours["output"]!.AsArray())
        {
            item!["id"] = "[id]";
        }

        AssertAgrees(name, ours.ToJsonString(), opinion);
    }

    /// <summary>What their events say, read as those of any provider, is what ours say.</summary>
    [Theory]
    [InlineData("openai/stream_tool_empty_content")]
    [InlineData("bedrock/basic-streaming")]
    [InlineData("bedrock/tool-streaming")]
    [InlineData("bedrock/reasoning-streaming")]
    public async Task Stream_ToAResponsesClient_SaysWhatTheSecondOpinionSaysOrSaysWhyNot(string name)
    {
        var isBedrock = name.StartsWith("bedrock/", StringComparison.Ordinal);
        var file = isBedrock ? name["bedrock/".Length..^"-streaming".Length] : name;
        var deltas = isBedrock ? await BinaryAsync(file)
            : Codec.ReadStream(new ModelCall { Model = Codec.Model(ProviderKind.OpenAi), Request = Read(Encoding.UTF8.GetString(s_asked)) }, Text(file + ".json"), [100]);
        var snap = isBedrock ? File.ReadAllText(Path.Combine(BedrockFolder, file + ".bedrock-responses-streaming.snap")) : Text(file + ".completions-responses-streaming.snap");
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new ResponseWriter(s_asked, createdAt: 0);
        using var stream = new ResponseStreamWriter(bytes, writer);
        deltas.ForEach(delta => stream.Write(delta));
        stream.WriteEnd();

        var ours = Events(Encoding.UTF8.GetString(bytes.WrittenSpan), 1000);
        var theirs = Events(snap.Split("\n---\n")[^1].Split("\n\n\n")[0] + "\n\n", 1000);

        // Their test masks ids.
        var said = CallId().Replace(NeutralText.Of(ours), "call ${number}: call_xxx ");
        var differs = said == NeutralText.Of(theirs) ? "" : said.Split(':')[0];
        Assert.Equal(s_differences[name].Members, differs);
        Assert.Equal(deltas.Last(d => d.Usage is not null).Usage, ours.Last(d => d.Usage is not null).Usage);
        Assert.Equal(theirs.Last(d => d.Usage is not null).Usage, ours.Last(d => d.Usage is not null).Usage);
    }

    [GeneratedRegex(@"call (?<number>\d+): \S+ ", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex CallId();

    /// <summary>A binary stream of the samples, read by the adapter over HTTP.</summary>
    internal static async Task<List<ChatDelta>> BinaryAsync(string file)
    {
        var samples = new BedrockSamples(Signs: true);
        await using var rig = await KitRig.StartAsync(samples, StubUpstream.Pieces(samples.StreamType, [await File.ReadAllBytesAsync(Path.Combine(BedrockFolder, file + ".bin"))]));
        return await rig.StreamAsync(new ChatRequest { Turns = [new ChatTurn(ChatRole.User, "Hello")] });
    }

    private static void AssertAgrees(string name, string written, JsonObject theirs)
    {
        var ours = JsonNode.Parse(written)!.AsObject();
        var differing = ours.Select(p => p.Key).Union(theirs.Select(p => p.Key)).Except(["id", "created_at"])
            .Where(key => !JsonNode.DeepEquals(ours[key], theirs[key])).Order(StringComparer.Ordinal);
        var (members, why) = s_differences[name];
        Assert.Equal(members, string.Join(' ', differing));
        Assert.Equal(members.Length == 0, why.Length == 0);
    }

    private static ChatRequest Read(string body)
    {
        Assert.True(ResponseTranslator.TryTranslate(Encoding.UTF8.GetBytes(body), out var read, out var error), error?.Message);
        return read;
    }

    private static ChatResult Answer(string text)
    {
        using var json = JsonDocument.Parse(text);
        Assert.True(ResponseAnswerReader.IsAnswer(json.RootElement));
        return new ResponseAnswerReader(Call()).Read(json.RootElement);
    }

    private static List<ChatDelta> Events(string events, int size) => ResponseTripTests.ReadStream(events, [size]);

    private static ModelCall Call() => new() { Model = Codec.Model(ProviderKind.OpenAi, "gpt"), Request = new ChatRequest { Turns = [new ChatTurn(ChatRole.User, "Hello")] } };

    private static JsonObject Snap(string file, string member) => JsonNode.Parse(Text(file).Split("\n---\n")[^1])![member]!.AsObject();

    private static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    private static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));
}
