using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Providers.Bedrock;
using ModelMigrate.Providers.Gemini;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Json;
using ModelMigrate.Tests.Gateway.Translation;

namespace ModelMigrate.Tests.Providers;

/// <summary>A provider is told names of tools that it takes, the same one wherever a tool is named, and the client sees its own alone.</summary>
public sealed class ToolNamesTests
{
    private static readonly string s_one = new string('x', 70) + "_one", s_two = new string('x', 70) + "_two";

    private static readonly ChatRequest s_request = new()
    {
        Turns =
        [
            new ChatTurn(ChatRole.User, "Hello"),
            new ChatTurn(ChatRole.Assistant, [new ToolCallPart("c1", s_one, "{}"), new ToolCallPart("c2", "3d:render", "{}")]),
            new ChatTurn(ChatRole.User, [new ToolResultPart("c1", [new TextPart("1")]), new ToolResultPart("c2", [new TextPart("2")])]),
        ],
        Tools = [new ChatTool { Name = s_one }, new ChatTool { Name = s_two }, new ChatTool { Name = "3d:render" }, new ChatTool { Name = "now-2" }],
        ToolChoice = new ToolChoice(ToolChoiceMode.Named, s_two),
    };

    [Theory]
    [InlineData("weather", "weather", "weather", "weather")]
    [InlineData("a.b", "a.b", "a.b", "a_b_")]
    [InlineData("3d", "3d", "_3d_", "3d")]
    [InlineData("-x", "-x", "_-x_", "-x")]
    [InlineData("läge", "läge", "l_ge_", "l_ge_")]
    public void Of_ANameThatIsNotTaken_BecomesOneThatIs(string name, string openAi, string gemini, string bedrock)
    {
        foreach (var (names, expected) in new[] { (ToolNames.OpenAi, openAi), (ToolNames.Gemini, gemini), (ToolNames.Bedrock, bedrock) })
        {
            var taken = names.Of(name);

            Assert.StartsWith(expected, taken, StringComparison.Ordinal);
            Assert.Equal(name == expected, taken == expected);
            Assert.Equal(taken, names.Of(taken));
            Assert.Equal(name, names.Back(taken, [new ChatTool { Name = "other" }, new ChatTool { Name = name }]));
        }
    }

    [Fact]
    public void Gemini_NamesThatItDoesNotTake_AreOthersEverywhere()
    {
        var changes = new ChangeList();
        using var written = GeminiRequestWriter.Write(Codec.Model(ProviderKind.Gemini), s_request, changes);
        var body = Parse(written);

        var names = Names(body["tools"]![0]!["functionDeclarations"]!.AsArray(), tool => tool["name"]!);
        AssertTaken(names, changes, "^[a-zA-Z_][a-zA-Z0-9_.-]{0,63}$");
        Assert.Equal([names[0], names[2]], Names(body["contents"]![1]!["parts"]!.AsArray(), part => part["functionCall"]!["name"]!));
        Assert.Equal([names[0], names[2]], Names(body["contents"]![2]!["parts"]!.AsArray(), part => part["functionResponse"]!["name"]!));
        Assert.Equal(names[1], body["toolConfig"]!["functionCallingConfig"]!["allowedFunctionNames"]![0]!.GetValue<string>());
        foreach (var (name, own) in names.Zip(s_request.Tools))
        {
            var answer = JsonSerializer.Deserialize(
                """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"NAME","args":{}}}]},"finishReason":"STOP"}]}""".Replace("NAME", name, StringComparison.Ordinal), GeminiJson.Default.GeminiWire)!;
            var deltas = new List<ChatDelta>();
            new GeminiAnswerReader(Call(ProviderKind.Gemini)).ReadChunk(answer, deltas);
            Assert.Equal(own.Name, deltas[0].ToolCall!.Name);
            Assert.Equal(own.Name, Assert.IsType<ToolCallPart>(new GeminiAnswerReader(Call(ProviderKind.Gemini)).Read(answer).Parts[0]).Name);
        }
    }

    [Fact]
    public void Bedrock_NamesThatItDoesNotTake_AreOthersEverywhere()
    {
        var changes = new ChangeList();
        using var written = BedrockRequestWriter.Write(Codec.Model(ProviderKind.Bedrock), s_request, changes);
        var body = Parse(written);

        var names = Names(body["toolConfig"]!["tools"]!.AsArray(), tool => tool["toolSpec"]!["name"]!);
        AssertTaken(names, changes, "^[a-zA-Z0-9_-]{1,64}$");
        Assert.Equal([names[0], names[2]], Names(body["messages"]![1]!["content"]!.AsArray(), block => block["toolUse"]!["name"]!));
        Assert.Equal(names[1], body["toolConfig"]!["toolChoice"]!["tool"]!["name"]!.GetValue<string>());
        foreach (var (name, own) in names.Zip(s_request.Tools))
        {
            var start = JsonSerializer.Deserialize("""{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"c","name":"NAME"}}}""".Replace("NAME", name, StringComparison.Ordinal), BedrockJson.Default.BedrockWire);
            var whole = JsonSerializer.Deserialize(
                """{"output":{"message":{"content":[{"toolUse":{"toolUseId":"c","name":"NAME","input":{}}}]}},"stopReason":"tool_use"}""".Replace("NAME", name, StringComparison.Ordinal), BedrockJson.Default.BedrockWire)!;
            Assert.Equal(own.Name, new BedrockAnswerReader(Call(ProviderKind.Bedrock)).ReadEvent("contentBlockStart", start)!.Value.ToolCall!.Name);
            Assert.Equal(own.Name, Assert.IsType<ToolCallPart>(new BedrockAnswerReader(Call(ProviderKind.Bedrock)).Read(whole).Parts[0]).Name);
        }
    }

    /// <summary>The first three are others, each its own, and each is said to be.</summary>
    private static void AssertTaken(List<string> names, ChangeList changes, string pattern)
    {
        Assert.All(names, name => Assert.Matches(pattern, name));
        Assert.Equal(4, names.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("now-2", names[3]);
        Assert.Equal(names[..3], changes.All.Where(change => change.Field == "tools.name").Select(change => change.Detail));
    }

    private static List<string> Names(JsonArray items, Func<JsonNode, JsonNode> name) => [.. items.Select(item => name(item!).GetValue<string>())];

    private static JsonNode Parse(PooledBytes written) => JsonNode.Parse(written.Span)!;

    private static ModelCall Call(ProviderKind kind) => new() { Model = Codec.Model(kind), Request = s_request };
}
