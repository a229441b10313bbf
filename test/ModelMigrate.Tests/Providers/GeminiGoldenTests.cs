using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Providers.Gemini;
using ModelMigrate.Tests.Gateway.Translation;

namespace ModelMigrate.Tests.Providers;

/// <summary>generateContent against another gateway's samples: its requests as we write them, its answers as we read them.</summary>
public sealed class GeminiGoldenTests
{
    /// <summary>Where our request differs from the other gateway's: which members, and why ours is right.</summary>
    private static readonly Dictionary<string, (string Members, string Why)> s_differences = new()
    {
        ["basic"] = ("generationConfig", "an empty group says nothing."),
        ["tool-call"] = ("contents generationConfig", "ids are kept, so that parallel calls of one function meet their results; a result stands under output, the documented word."),
        ["multi-turn-tools"] = ("contents generationConfig tools", "as in tool-call; and the schema goes as it is, in parametersJsonSchema, which takes all of JSON Schema."),
        ["parallel-tool-call"] = ("contents generationConfig", "as in tool-call."),
        ["structured-output"] = ("generationConfig", "the schema goes as it is, $ref and all, in responseJsonSchema."),
        ["image-inline"] = ("generationConfig", "as in basic."),
        ["image-file"] = ("generationConfig", "as in basic."),
        ["reasoning_max"] = ("generationConfig", "efforts are mapped as the provider's own OpenAI endpoint maps them; without the ability nothing is sent that the model might refuse."),
    };

    /// <summary>Where our answer to a client of chat completions differs from the other gateway's: which members, and why ours is right.</summary>
    private static readonly Dictionary<string, (string Members, string Why)> s_answers = new()
    {
        ["blocked"] = ("choices usage", "the block is told as a refusal, where an empty text could not be told from silence; the rest as in reasoning."),
        ["reasoning"] = ("choices usage", "refusal and logprobs are in every answer of OpenAI's own, and so is the count of cached tokens."),
        ["tool"] = ("choices usage", "as in reasoning; content null beside calls is what OpenAI's own answers have, and the arguments are kept as the provider wrote them."),
    };

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Providers", "Goldens");

    [Theory]
    [InlineData("basic")]
    [InlineData("tool-call")]
    [InlineData("multi-turn-tools")]
    [InlineData("parallel-tool-call")]
    [InlineData("structured-output")]
    [InlineData("image-inline")]
    [InlineData("image-file")]
    [InlineData("reasoning_max")]
    public void Request_EveryFile_AgreesWithTheSecondOpinionOrSaysWhyNot(string name)
    {
        var request = Codec.Read(ProviderKind.OpenAi, Text($"requests/{name}.json"));
        var ours = JsonNode.Parse(GeminiRequestWriter.Write(Codec.Model(ProviderKind.Gemini, "gemini-2.5-pro"), request, new ChangeList()).Span)!.AsObject();
        var theirs = JsonNode.Parse(Text($"requests/{name}.vertex-gemini.snap").Split("\n---\n")[^1])!["request"]!.AsObject();

        var differing = ours.Select(p => p.Key).Union(theirs.Select(p => p.Key)).Where(key => !JsonNode.DeepEquals(ours[key], theirs[key])).Order(StringComparer.Ordinal);

        Assert.Equal(s_differences[name].Members, string.Join(' ', differing));
    }

    [Theory]
    [InlineData("blocked")]
    [InlineData("reasoning")]
    [InlineData("tool")]
    public void Answer_ToAChatClient_AgreesWithTheSecondOpinionOrSaysWhyNot(string name)
    {
        var ours = JsonNode.Parse(Codec.WriteAnswer(ProviderKind.OpenAi, Read(name)))!.AsObject();
        var theirs = JsonNode.Parse(Text($"vertex-gemini/{name}.vertex-gemini-completions.snap").Split("\n---\n")[^1])!["response"]!.AsObject();

        // The other's test masks these two.
        var differing = ours.Select(p => p.Key).Union(theirs.Select(p => p.Key)).Except(["id", "created"])
            .Where(key => !JsonNode.DeepEquals(ours[key], theirs[key])).Order(StringComparer.Ordinal);

        Assert.Equal(s_answers[name].Members, string.Join(' ', differing));
    }

    [Fact]
    public void Answer_Reasoning_ThoughtApartAndCountedOnce()
    {
        var result = Read("reasoning");

        Assert.Equal("It is sunny.", result.Text);
        Assert.Equal("Let me think about the weather.", result.Parts.OfType<ThinkingPart>().Single().Text);
        Assert.Equal((new Usage(10, 17, 0, 0, 5), FinishReason.Stop, "gemini-2.5-pro"), (result.Usage, result.Finish, result.Model));
    }

    [Fact]
    public void Answer_Tool_CallWithItsIdAndNotStop()
    {
        var result = Read("tool");

        var call = Assert.IsType<ToolCallPart>(result.Parts.Single());
        Assert.Equal(("fc_get_weather_1", "get_weather"), (call.Id, call.Name));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"location":"Columbus"}"""), JsonNode.Parse(call.Arguments)));
        Assert.Equal((FinishReason.ToolCalls, new Usage(20, 8)), (result.Finish, result.Usage));
    }

    /// <summary>The other gateway answers an empty text; a client could not tell that from silence.</summary>
    [Fact]
    public void Answer_BlockedPrompt_IsARefusal()
    {
        var result = Read("blocked");

        Assert.Contains("SAFETY", Assert.IsType<RefusalPart>(result.Parts.Single()).Text, StringComparison.Ordinal);
        Assert.Equal((FinishReason.ContentFilter, new Usage(12, 0)), (result.Finish, result.Usage));
    }

    [Fact]
    public void Signature_OfACall_GoesBackOntoTheCallAndToNoOtherFamily()
    {
        var call = new ModelCall { Model = Codec.Model(ProviderKind.Gemini, "gemini-3-pro"), Request = new ChatRequest { Turns = [] } };
        var answer = new GeminiAnswerReader(call).Read(JsonSerializer.Deserialize(
            """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}},"thoughtSignature":"SIG=="},{"functionCall":{"name":"g","args":{}}}]},"finishReason":"STOP"}],"responseId":"r"}""",
            GeminiJson.Default.GeminiWire)!);
        Assert.Equal("gemini", answer.Parts.OfType<ThinkingPart>().Single().State?.Family);
        Assert.Equal(["call_r_0", "call_r_1"], answer.Parts.OfType<ToolCallPart>().Select(part => part.Id));

        Assert.Equal(["SIG==", null], Signatures(call.Model, answer.Parts));
        Assert.Equal([null, null], Signatures(Codec.Model(ProviderKind.Gemini, "gemma-3"), answer.Parts));
    }

    [Fact]
    public void Signature_OfACallThatAnotherModelMade_IsTheProvidersWordForNone()
    {
        ChatPart[] parts = [new ToolCallPart("a", "f", "{}"), new ToolCallPart("b", "g", "{}")];

        Assert.Equal(["skip_thought_signature_validator", null], Signatures(Codec.Model(ProviderKind.Gemini, "gemini-3-pro", Abilities.ThoughtSignatures), parts));
        Assert.Equal([null, null], Signatures(Codec.Model(ProviderKind.Gemini, "gemini-2.5-pro"), parts));
    }

    [Theory]
    [InlineData(429, """{"error":{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"17s"}]}}""", ChatErrorKind.Throttled, 17)]
    [InlineData(400, """{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}""", ChatErrorKind.Configuration, null)]
    [InlineData(503, """[{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}]""", ChatErrorKind.Provider, null)]
    public void Refused_AsTheProviderWritesIt_KindAndWait(int status, string body, ChatErrorKind kind, int? wait)
    {
        var error = GeminiProtocol.Refused(Codec.Model(ProviderKind.Gemini).Provider, status, null, GeminiProtocol.FailureOf(System.Text.Encoding.UTF8.GetBytes(body)));

        Assert.Equal((kind, wait), (error.Kind, (int?)error.RetryAfter?.TotalSeconds));
    }

    [Theory]
    [InlineData(ReasoningEffort.Medium, null, "thinkingBudget", "{\"thinkingBudget\":8192,\"includeThoughts\":true}")]
    [InlineData(ReasoningEffort.None, null, "thinkingBudget", "{\"thinkingBudget\":0,\"includeThoughts\":false}")]
    [InlineData(ReasoningEffort.High, 2000, "thinkingBudget", "{\"thinkingBudget\":2000,\"includeThoughts\":true}")]
    [InlineData(ReasoningEffort.High, null, "effort", "{\"thinkingLevel\":\"high\",\"includeThoughts\":true}")]
    [InlineData(ReasoningEffort.Medium, null, "effort", "{\"thinkingLevel\":\"high\",\"includeThoughts\":true}")]
    [InlineData(ReasoningEffort.High, null, "nothing", null)]
    public void Thinking_ByAbility_InTheModelsWord(ReasoningEffort effort, int? budget, string ability, string? expected)
    {
        var request = new ChatRequest { Turns = [new ChatTurn(ChatRole.User, "A")], Reasoning = new Reasoning(effort, budget) };

        var sent = JsonNode.Parse(GeminiRequestWriter.Write(Codec.Model(ProviderKind.Gemini, "m", ability), request, new ChangeList()).Span);

        Assert.Equal(expected, sent!["generationConfig"]!["thinkingConfig"]?.ToJsonString());
    }

    private static List<string?> Signatures(ModelSnapshot model, IReadOnlyList<ChatPart> parts)
    {
        var request = new ChatRequest { Turns = [new ChatTurn(ChatRole.User, "A"), new ChatTurn(ChatRole.Assistant, parts)] };
        var sent = JsonNode.Parse(GeminiRequestWriter.Write(model, request, new ChangeList()).Span);
        return [.. sent!["contents"]![1]!["parts"]!.AsArray().Select(part => part!["thoughtSignature"]?.GetValue<string>())];
    }

    private static ChatResult Read(string name) => new GeminiAnswerReader(
        new ModelCall { Model = Codec.Model(ProviderKind.Gemini, "gemini-2.5-pro"), Request = new ChatRequest { Turns = [] } })
        .Read(JsonSerializer.Deserialize(Text($"vertex-gemini/{name}.json"), GeminiJson.Default.GeminiWire)!);

    private static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));
}
