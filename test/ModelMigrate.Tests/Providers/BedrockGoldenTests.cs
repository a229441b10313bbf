using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Providers.Bedrock;
using ModelMigrate.Tests.Conformance;
using ModelMigrate.Tests.Gateway.Translation;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Providers;

/// <summary>Converse against another gateway's samples: its requests as we write them, its answers and binary streams as we read them.</summary>
public sealed class BedrockGoldenTests
{
    private static readonly ChatRequest s_hello = new() { Turns = [new ChatTurn(ChatRole.User, "Hello")] };

    /// <summary>Where our request differs from the other gateway's: which members, and why ours is right.</summary>
    private static readonly Dictionary<string, (string Members, string Why)> s_differences = new()
    {
        ["basic"] = ("inferenceConfig", "the protocol demands no limit, so none is made up."),
        ["tool-call"] = (
            "inferenceConfig messages toolConfig",
            "as in basic; a result without a status has none, not null; and where a conversation that holds calls must declare tools, those that it names are declared, not a made-up one."),
        ["parallel-tool-call"] = ("inferenceConfig messages toolConfig", "as in tool-call."),
    };

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Providers", "Goldens");

    [Theory]
    [InlineData("basic")]
    [InlineData("tool-call")]
    [InlineData("parallel-tool-call")]
    public void Request_EveryFile_AgreesWithTheSecondOpinionOrSaysWhyNot(string name)
    {
        var request = Codec.Read(ProviderKind.OpenAi, File.ReadAllText(Path.Combine(Folder, "requests", name + ".json")));
        var ours = JsonNode.Parse(BedrockRequestWriter.Write(Codec.Model(ProviderKind.Bedrock), request, new ChangeList()).Span)!.AsObject();
        var theirs = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "requests", name + ".bedrock.snap")).Split("\n---\n")[^1])!["request"]!.AsObject();

        var differing = ours.Select(p => p.Key).Union(theirs.Select(p => p.Key)).Where(key => !JsonNode.DeepEquals(ours[key], theirs[key])).Order(StringComparer.Ordinal);

        Assert.Equal(s_differences[name].Members, string.Join(' ', differing));
    }

    [Theory]
    [InlineData("basic", "Hello world", FinishReason.Stop, 18, 46)]
    [InlineData("max_tokens", "Partial response", FinishReason.Length, 18, 46)]
    [InlineData("reasoning", "The answer is 4.", FinishReason.Stop, 18, 46)]
    public void Answer_EveryFile_Read(string name, string text, FinishReason finish, long input, long output)
    {
        var result = Read(name);

        Assert.Equal((text, finish, new Usage(input, output)), (result.Text, result.Finish, result.Usage));
        if (name == "reasoning")
        {
            Assert.Equal(("Two plus two is four.", "SIG-xyz=="), (result.Parts.OfType<ThinkingPart>().Single().Text, result.Parts.OfType<ThinkingPart>().Single().State?.Data));
        }
    }

    [Fact]
    public void Answer_Tools_BothCallsWithTheirIds()
    {
        var result = Read("tool");

        Assert.Equal(
            [("tooluse_kZJMlvQmRJ6eAyJE5GIl7Q", "top_song", "WZPZ"), ("tooluse_kZJMlvQmRJ6eAyxxx", "hello", "world")],
            result.Parts.Cast<ToolCallPart>().Select(call => (call.Id, call.Name, JsonNode.Parse(call.Arguments)!["sign"]!.GetValue<string>())));
        Assert.Equal(FinishReason.ToolCalls, result.Finish);
    }

    /// <summary>The other gateway's samples of binary streams, through the adapter over HTTP, in pieces of every size.</summary>
    [Theory]
    [InlineData("basic", "text: \nOnce upon a time", 15, 142)]
    [InlineData("reasoning", "text: The answer is 4.", 18, 46)]
    [InlineData("tool", "text: I'll call both tools.", 150, 45)]
    public async Task Stream_EveryFile_ReadInAnySplit(string name, string begins, long input, long output)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Folder, "bedrock", name + ".bin"));
        await using var rig = await KitRig.StartAsync(new BedrockSamples(Signs: true), StubUpstream.Json("{}"));
        foreach (var size in (int[])[1, 17, 100_000])
        {
            rig.Upstream.Answers = StubUpstream.Pieces("application/vnd.amazon.eventstream", bytes.Chunk(size));

            var deltas = await rig.StreamAsync(s_hello);

            Assert.All(deltas, delta => Assert.Null(delta.Error));
            Assert.Contains(begins, NeutralText.Of(deltas), StringComparison.Ordinal);
            Assert.Equal(new Usage(input, output), deltas.Last(delta => delta.Usage is not null).Usage);
            Assert.Equal(name == "tool" ? FinishReason.ToolCalls : FinishReason.Stop, deltas.Single(delta => delta.Finish is not null).Finish);
        }
    }

    [Fact]
    public async Task Stream_OfTools_CallsAndArgumentsInOrder()
    {
        await using var rig = await KitRig.StartAsync(
            new BedrockSamples(Signs: true), StubUpstream.Pieces("application/vnd.amazon.eventstream", [await File.ReadAllBytesAsync(Path.Combine(Folder, "bedrock", "tool.bin"))]));

        var deltas = await rig.StreamAsync(s_hello);

        Assert.Equal(
            "0 top_song {\"sign\":\"WZPZ\"}; 1 hello {\"sign\":\"world\"}",
            string.Join("; ", deltas.Where(d => d.ToolCall is not null).Select(d => d.ToolCall!).GroupBy(call => call.Index)
                .Select(call => $"{call.Key} {call.First().Name} {string.Concat(call.Select(piece => piece.Arguments))}")));
    }

    /// <summary>Failures inside a stream whose head was good, and what of them may be tried again.</summary>
    [Theory]
    [InlineData("throttlingException", "exception", "Too many requests", ChatErrorKind.Throttled, RefusalReason.None)]
    [InlineData("modelStreamErrorException", "exception", "it broke", ChatErrorKind.Provider, RefusalReason.None)]
    [InlineData("internalServerException", "exception", "it broke", ChatErrorKind.Provider, RefusalReason.None)]
    [InlineData("serviceUnavailableException", "exception", "it broke", ChatErrorKind.Provider, RefusalReason.None)]
    [InlineData("modelTimeoutException", "exception", "it broke", ChatErrorKind.Timeout, RefusalReason.None)]
    [InlineData("validationException", "exception", "Input is too long for requested model.", ChatErrorKind.Request, RefusalReason.ContextLength)]
    [InlineData("InternalError", "error", "it broke", ChatErrorKind.Provider, RefusalReason.None)]
    public async Task Stream_ExceptionInside_IsTheLastAndOfItsKind(string type, string message, string words, ChatErrorKind kind, RefusalReason reason)
    {
        var samples = new BedrockSamples(Signs: true);
        await using var rig = await KitRig.StartAsync(
            samples,
            StubUpstream.Pieces(samples.StreamType, [.. samples.Events.Take(2).Select(samples.Bytes), EventStreamTests.Encode(type, Encoding.UTF8.GetBytes(samples.Error(words)), message), .. samples.Events.Skip(2).Select(samples.Bytes)]));

        var deltas = await rig.StreamAsync(s_hello);

        Assert.Equal("Hi", string.Concat(deltas.Select(delta => delta.Text)));
        Assert.Equal((kind, reason), (deltas[^1].Error?.Kind, deltas[^1].Error?.Reason));
        Assert.Contains(words, deltas[^1].Error?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "ThrottlingException:http://internal.amazon.com/coral/", ChatErrorKind.Throttled)]
    [InlineData(400, "ServiceQuotaExceededException", ChatErrorKind.Throttled)]
    [InlineData(400, "ValidationException", ChatErrorKind.Request)]
    [InlineData(403, "ExpiredTokenException", ChatErrorKind.Configuration)]
    [InlineData(408, "ModelTimeoutException", ChatErrorKind.Timeout)]
    [InlineData(424, "ModelErrorException", ChatErrorKind.Provider)]
    [InlineData(503, "ServiceUnavailableException", ChatErrorKind.Provider)]
    public async Task Refused_ByName_KindOfTheException(int status, string type, ChatErrorKind kind)
    {
        await using var rig = await KitRig.StartAsync(new BedrockSamples(Signs: true), StubUpstream.Json("""{"message":"because"}""", status, ("x-amzn-ErrorType", type)));

        Assert.Equal((kind, type.Split(':')[0]), ((await rig.CompleteAsync(s_hello)).Error?.Kind, (await rig.CompleteAsync(s_hello)).Error?.Code));
    }

    /// <summary>The signature that the service would compute from what arrived is the one that arrived.</summary>
    [Fact]
    public async Task Signature_OverHttp_HoldsForTheBytesThatArrived()
    {
        await using var rig = await KitRig.StartAsync(new BedrockSamples(Signs: true), StubUpstream.Json(new BedrockSamples(Signs: true).Whole));
        var model = rig.Model with { Name = "anthropic.claude-x-v1:0" };

        await rig.Client.CompleteAsync(new ModelCall { Model = model, Request = s_hello }, default);

        var sent = rig.Upstream.Requests.Single();
        Assert.Equal("/model/anthropic.claude-x-v1%3A0/converse", sent.Target);
        var at = DateTimeOffset.ParseExact(sent.Headers["X-Amz-Date"], "yyyyMMdd'T'HHmmss'Z'", null, System.Globalization.DateTimeStyles.AssumeUniversal);
        var expected = AwsSignature.Authorization(
            rig.Model.Provider.Aws!, "bedrock", "POST", sent.Target, "",
            [("host", sent.Headers["Host"]), ("x-amz-date", sent.Headers["X-Amz-Date"]), ("x-amz-security-token", sent.Headers["X-Amz-Security-Token"])],
            AwsSignature.Hash(sent.Body), at);
        Assert.Equal(expected, sent.Headers["Authorization"]);
        Assert.Contains("SignedHeaders=host;x-amz-date;x-amz-security-token", expected, StringComparison.Ordinal);
        Assert.DoesNotContain($"Key={KitRig.Key}", expected, StringComparison.Ordinal);
    }

    private static ChatResult Read(string name) =>
        new BedrockAnswerReader(new ModelCall { Model = Codec.Model(ProviderKind.Bedrock, "anthropic.claude"), Request = s_hello })
            .Read(JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(Folder, "bedrock", name + ".json")), BedrockJson.Default.BedrockWire)!);
}
