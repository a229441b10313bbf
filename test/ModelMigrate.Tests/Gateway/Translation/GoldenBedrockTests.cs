using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Providers.Bedrock;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>Converse's samples on the way to clients of chat completions and of messages, and those clients' requests on the way to it.</summary>
public sealed class GoldenBedrockTests
{
    /// <summary>Where our translation differs from the other gateway's: the members that do, and why ours is right.</summary>
    private static readonly Dictionary<string, (string Members, string Why)> s_differences = new()
    {
        ["basic.completions"] = ("choices usage", "refusal and logprobs are in every answer of OpenAI's own, and so is the count of cached tokens."),
        ["reasoning.completions"] = (
            "choices usage",
            "as in basic.completions; and the signature carries the family that it came from, so that no other model is given it."),
        ["tool.completions"] = (
            "choices usage",
            "as in basic.completions; the arguments are kept as the provider wrote them, white space and all; and where it counted nothing, no zeros are made up."),
        ["basic.messages"] = ("usage", "both cache figures are always there in answers of Anthropic's own."),
        ["reasoning.messages"] = ("content usage", "as in basic.messages; and the signature carries the family that it came from."),
        ["tool.messages"] = ("usage", "as in basic.messages."),
        ["completions/full"] = (
            "outputConfig requestMetadata toolConfig",
            "json_object beside a forced tool is dropped and said so, where the other makes up a schema that allows any member. The user travels in the member that the protocol has for it. The protocol's word is toolChoice; the other writes tool_choice, which the service does not know."),
        ["completions/reasoning_replay"] = ("inferenceConfig", "the protocol demands no limit, so none is made up."),
        ["messages/metadata"] = (
            "additionalModelRequestFields",
            "metadata is no field of the models at this provider, and requestMetadata takes neither braces nor quotes: dropped and reported."),
        ["messages/reasoning"] = (
            "additionalModelRequestFields",
            "the catalog entry names no way to think, and a model told to think in a way it does not know refuses the request."),
        ["messages/server_tools"] = ("", ""),
        ["messages/system_message"] = ("", ""),
        ["messages/tool_history_without_tools"] = (
            "messages toolConfig",
            "a result without a status has none, not null; the tools that the conversation names are declared, not a made-up one."),
        ["messages/tools"] = ("", ""),
    };

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Gateway", "Translation", "Goldens");

    private static string BedrockFolder { get; } = Path.Combine(AppContext.BaseDirectory, "Providers", "Goldens", "bedrock");

    [Theory]
    [InlineData("basic", "completions")]
    [InlineData("reasoning", "completions")]
    [InlineData("tool", "completions")]
    [InlineData("basic", "messages")]
    [InlineData("reasoning", "messages")]
    [InlineData("tool", "messages")]
    public void Answer_ToAClient_AgreesWithTheSecondOpinionOrSaysWhyNot(string name, string client)
    {
        var wire = JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(BedrockFolder, name + ".json")), BedrockJson.Default.BedrockWire)!;
        var result = new BedrockAnswerReader(Call(ProviderKind.Bedrock)).Read(wire);
        var theirs = JsonNode.Parse(Snap(BedrockFolder, $"{name}.bedrock-{client}.snap"))!["response"]!.AsObject();

        AssertAgrees($"{name}.{client}", JsonNode.Parse(Codec.WriteAnswer(KindOf(client), result))!.AsObject(), theirs);
    }

    /// <summary>What their events say, read as those of any provider, is what ours say.</summary>
    [Theory]
    [InlineData("basic", "completions", "")]
    [InlineData("reasoning", "completions", "")]
    [InlineData("tool", "completions", "")]
    [InlineData("basic", "messages", "")]
    [InlineData("reasoning", "messages", "")]
    [InlineData("tool", "messages", "")]
    public async Task Stream_ToAClient_SaysWhatTheSecondOpinionSaysOrSaysWhyNot(string name, string client, string why)
    {
        var deltas = await GoldenResponseTests.BinaryAsync(name);
        var ours = Codec.ReadStream(Call(KindOf(client)), Codec.WriteStream(KindOf(client), deltas), [1000]);
        var theirs = Codec.ReadStream(Call(KindOf(client)), Snap(BedrockFolder, $"{name}.bedrock-{client}-streaming.snap").Split("\n\n\n")[0] + "\n\n", [1000]);

        if (why.Length == 0)
        {
            Assert.Equal(NeutralText.Of(theirs), NeutralText.Of(ours));
        }
        else
        {
            Assert.NotEqual(NeutralText.Of(theirs), NeutralText.Of(ours));
        }

        Assert.Equal(NeutralText.Of(deltas), NeutralText.Of(ours));
        Assert.Equal(theirs.Last(d => d.Usage is not null).Usage, ours.Last(d => d.Usage is not null).Usage);
    }

    [Theory]
    [InlineData("completions/full")]
    [InlineData("completions/reasoning_replay")]
    [InlineData("messages/metadata")]
    [InlineData("messages/reasoning")]
    [InlineData("messages/server_tools")]
    [InlineData("messages/system_message")]
    [InlineData("messages/tool_history_without_tools")]
    [InlineData("messages/tools")]
    public void Request_EveryFile_AgreesWithTheSecondOpinionOrSaysWhyNot(string name)
    {
        var body = File.ReadAllText(Path.Combine(Folder, name + ".json"));
        var model = Codec.Model(ProviderKind.Bedrock, JsonNode.Parse(body)!["model"]!.GetValue<string>());
        var ours = BedrockRequestWriter.Write(model, Codec.Read(KindOf(name.Split('/')[0]), body), new ChangeList());

        AssertAgrees(name, JsonNode.Parse(ours.Span)!.AsObject(), JsonNode.Parse(Snap(Folder, name + ".bedrock.snap"))!["request"]!.AsObject());
    }

    private static void AssertAgrees(string name, JsonObject ours, JsonObject theirs)
    {
        // The other's test masks these two.
        var differing = ours.Select(p => p.Key).Union(theirs.Select(p => p.Key)).Except(["id", "created"])
            .Where(key => !JsonNode.DeepEquals(ours[key], theirs[key])).ToList();
        var (members, why) = s_differences[name];
        Assert.True(members == string.Join(' ', differing.Order(StringComparer.Ordinal)), $"{name}\n{string.Join('\n', differing.Select(key => $"{key}\n{ours[key]?.ToJsonString()}\n{theirs[key]?.ToJsonString()}"))}");
        Assert.Equal(members.Length == 0, why.Length == 0);
    }

    private static ProviderKind KindOf(string client) => client == "completions" ? ProviderKind.OpenAi : ProviderKind.Anthropic;

    private static ModelCall Call(ProviderKind kind) =>
        new() { Model = Codec.Model(kind, "input-model"), Request = new ChatRequest { Turns = [new ChatTurn(ChatRole.User, "Hello")] } };

    private static string Snap(string folder, string file) => File.ReadAllText(Path.Combine(folder, file)).Split("\n---\n")[^1];
}
