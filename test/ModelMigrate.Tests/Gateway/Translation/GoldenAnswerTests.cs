using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>Answers that others keep as samples, asked for by a client of the other protocol.</summary>
public sealed class GoldenAnswerTests
{
    /// <summary>Where our translation differs from the other gateway's: what differs, and why ours is right.</summary>
    private static readonly Dictionary<string, (string Members, string Why)> s_differences = new()
    {
        ["anthropic/basic"] = (
            "choices service_tier usage",
            "refusal and logprobs are in every answer of OpenAI's own; service tiers of one vendor mean nothing at another; prompt_tokens is the whole prompt, cached tokens included (17 tokens would be lost)."),
        ["anthropic/tool"] = ("choices service_tier usage", "as in anthropic/basic; and the arguments are kept as the model wrote them, white space and all."),
        ["openai/basic"] = ("usage", "both cache figures are always there in answers of Anthropic's own; service tiers of one vendor mean nothing at another."),
        ["openai/cache_write"] = ("usage", "as in openai/basic."),
        ["openai/gemini_zero_completion_tokens"] = ("usage", "as in openai/basic."),
        ["openai/openrouter_reasoning"] = ("content usage", "what the model thought is carried as thinking, tagged with its origin, where the other drops it."),
        ["openai/tool_call"] = ("usage", "as in openai/basic."),
    };

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Gateway", "Translation", "Goldens");

    [Theory]
    [InlineData("anthropic/basic")]
    [InlineData("anthropic/tool")]
    [InlineData("openai/basic")]
    [InlineData("openai/cache_write")]
    [InlineData("openai/gemini_zero_completion_tokens")]
    [InlineData("openai/openrouter_reasoning")]
    [InlineData("openai/tool_call")]
    public void Whole_EveryFile_AgreesWithTheSecondOpinionOrSaysWhyNot(string name)
    {
        var isAnthropic = name.StartsWith("anthropic/", StringComparison.Ordinal);
        var result = Codec.ReadAnswer(Call(isAnthropic ? ProviderKind.Anthropic : ProviderKind.OpenAi), Text(name + ".json"));
        var ours = JsonNode.Parse(Codec.WriteAnswer(isAnthropic ? ProviderKind.OpenAi : ProviderKind.Anthropic, result))!.AsObject();
        var theirs = JsonNode.Parse(Text(name + (isAnthropic ? ".messages-completions.snap" : ".completions-messages.snap")).Split("\n---\n")[^1])!["response"]!.AsObject();

        // The other's test masks these two.
        var differing = ours.Select(p => p.Key).Union(theirs.Select(p => p.Key)).Except(["id", "created"])
            .Where(key => !JsonNode.DeepEquals(ours[key], theirs[key])).Order(StringComparer.Ordinal);

        Assert.Equal(s_differences[name].Members, string.Join(' ', differing));
    }

    [Theory]
    [InlineData("anthropic/stream_basic", "text: Hi there! How are you doing today? Is there anything I can help you with?\nfinish: Stop", 15, 21, 0)]
    [InlineData("anthropic/stream_message_delta_usage", "finish: Stop", 34347, 49, 30464)]
    [InlineData("anthropic/stream_tool", "call 0: toolu_01A get_weather {\"location\":\"San Francisco\"}\nfinish: ToolCalls", 15, 12, 0)]
    [InlineData("anthropic/stream_tool_empty_args", "call 0: toolu_01A get_time {}\nfinish: ToolCalls", 15, 8, 0)]
    [InlineData("openai/stream_tool_empty_content", "call 0: toolu_empty_content Bash {\"command\":\"pwd\"}\nfinish: ToolCalls", 12, 8, 0)]
    public void Streamed_EveryFile_SameInAnySplitAndThroughTheOtherProtocol(string name, string said, long input, long output, long cached)
    {
        var kind = name.StartsWith("anthropic/", StringComparison.Ordinal) ? ProviderKind.Anthropic : ProviderKind.OpenAi;
        var other = kind == ProviderKind.Anthropic ? ProviderKind.OpenAi : ProviderKind.Anthropic;
        foreach (var size in (int[])[1, 3, 64, 100_000])
        {
            var deltas = Codec.ReadStream(Call(kind), Text(name + ".json"), [size]);
            Assert.Equal(said, NeutralText.Of(deltas));
            Assert.Equal(new Usage(input, output, cached), deltas.Last(d => d.Usage is not null).Usage);

            var again = Codec.ReadStream(Call(other), Codec.WriteStream(other, deltas), [size]);
            Assert.Equal(said, NeutralText.Of(again));
            Assert.Equal(new Usage(input, output, cached), again.Last(d => d.Usage is not null).Usage);
        }
    }

    /// <summary>What the other gateway's events say to a client of the other protocol is what ours say, or why not.</summary>
    [Theory]
    [InlineData("anthropic/stream_basic", "")]
    [InlineData("anthropic/stream_message_delta_usage", "prompt_tokens is the whole prompt, cached tokens included: 30,464 tokens would be lost.")]
    [InlineData("anthropic/stream_tool", "")]
    [InlineData("anthropic/stream_tool_empty_args", "")]
    [InlineData("openai/stream_tool_empty_content", "")]
    public void Streamed_EveryFile_SaysWhatTheSecondOpinionSaysOrSaysWhyNot(string name, string why)
    {
        var isAnthropic = name.StartsWith("anthropic/", StringComparison.Ordinal);
        var (kind, other) = isAnthropic ? (ProviderKind.Anthropic, ProviderKind.OpenAi) : (ProviderKind.OpenAi, ProviderKind.Anthropic);
        var snap = Text($"{name}.{(isAnthropic ? "messages-completions" : "completions-messages")}-streaming.snap");
        var ours = Codec.ReadStream(Call(other), Codec.WriteStream(other, Codec.ReadStream(Call(kind), Text(name + ".json"), [100])), [1000]);
        var theirs = Codec.ReadStream(Call(other), snap.Split("\n---\n")[^1].Split("\n\n\n")[0] + "\n\n", [1000]);

        Assert.Equal(why.Length == 0, NeutralText.Of(theirs) == NeutralText.Of(ours) && UsageOf(theirs) == UsageOf(ours));
    }

    /// <summary>The answer passes as it is; token_count is a word of the other gateway's own.</summary>
    [Theory]
    [InlineData("anthropic/count_tokens.json")]
    [InlineData("anthropic/count_tokens.anthropic.snap")]
    public void CountTokens_Answer_PassesAsItIs(string file) => Assert.Equal(42, JsonNode.Parse(Text(file).Split("\n---\n")[^1])!["input_tokens"]!.GetValue<int>());

    private static Usage? UsageOf(List<ChatDelta> deltas) => deltas.Last(d => d.Usage is not null).Usage;

    private static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    private static ModelCall Call(ProviderKind kind) =>
        new() { Model = Codec.Model(kind, "m"), Request = new ChatRequest { Turns = [new ChatTurn(ChatRole.User, "Hello")] } };
}
