using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>Requests that others keep as samples: nothing of them is lost in the neutral language, and what they become agrees with a second opinion.</summary>
public sealed class GoldenRequestTests
{
    /// <summary>Where our translation differs from the other gateway's: the members that do, and why ours is right.</summary>
    private static readonly Dictionary<string, (string Members, string Why)> s_differences = new()
    {
        ["completions/full"] = (
            "output_config",
            "three answers (n) and legacy functions are asked for, so a model of this protocol is not asked at all: one answer would be a wrong success. Written all the same, "
            + "json_object beside a forced tool is dropped and said so; a schema that allows any member is what the provider refuses."),
        ["completions/tool-call"] = ("messages", "the results of one turn's calls are one message: the provider refuses results that are spread over two."),
        ["completions/reasoning_max"] = (
            "thinking", "the catalog entry names no way to think, and a model told to think in a way it does not know refuses the request; with the entry it thinks with effort."),
        ["messages/cache_control"] = (
            "messages stream",
            "prompt_cache_breakpoint is no field that providers of this protocol share; the marks are dropped and reported. Images in results go on as a user message instead of being lost."),
        ["messages/metadata"] = ("messages stream", "a text alone is a string, which every server takes; stream false is the default."),
        ["messages/reasoning"] = ("messages reasoning_effort stream", "the entry names no effort, see completions/reasoning_max; a text alone is a string."),
        ["messages/server_tools"] = (
            "messages stream", "web_search runs at one provider only: we refuse it for this protocol, since an answer without the search would be a wrong success. The rest agrees."),
        ["messages/system_message"] = ("messages stream", "a text alone is a string; stream false is the default."),
        ["messages/tools"] = ("messages stream", "a text alone is a string; stream false is the default."),
    };

    /// <summary>Files of which the other gateway has no translation from chat to messages or back, and where they are compared instead.</summary>
    private static readonly Dictionary<string, string> s_without = new()
    {
        ["completions/image-file"] = "GeminiGoldenTests compares it",
        ["completions/image-inline"] = "GeminiGoldenTests compares it",
        ["completions/multi-turn-tools"] = "GeminiGoldenTests compares it",
        ["completions/parallel-tool-call"] = "GeminiGoldenTests and BedrockGoldenTests compare it",
        ["completions/reasoning_replay"] = "GoldenBedrockTests compares it",
        ["completions/structured-output"] = "GeminiGoldenTests compares it",
        ["messages/cache_control_responses"] = "nobody's translation of it is among the samples",
        ["messages/count_tokens"] = "a count of tokens passes as it is: GoldenPassTests",
        ["messages/responses_agent_subset"] = "GoldenResponseTests compares it",
        ["messages/tool_history_without_tools"] = "GoldenBedrockTests compares it",
    };

    private static readonly HashSet<string> s_words = new(StringComparer.Ordinal) { "type", "role", "model", "stream", "effort", "reasoning_effort", "function_call", "response_format" };

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/')).Where(file => file.StartsWith("completions/", StringComparison.Ordinal) || file.StartsWith("messages/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Gateway", "Translation", "Goldens");

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_EveryFile_LosesNothing(string file)
    {
        var (kind, body) = Load(file);

        var read = NeutralText.Of(Codec.Read(kind, body));

        Assert.DoesNotContain(Leaves(JsonNode.Parse(body)!), leaf => !read.Contains(leaf, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Translated_EveryFile_AgreesWithTheSecondOpinionOrSaysWhyNot(string file)
    {
        var (kind, body) = Load(file);
        var name = file[..^".json".Length];
        var snap = Path.Combine(Folder, name + (kind == ProviderKind.OpenAi ? ".anthropic.snap" : ".completions.snap"));
        var other = kind == ProviderKind.OpenAi ? ProviderKind.Anthropic : ProviderKind.OpenAi;
        var ours = JsonNode.Parse(Codec.Write(Codec.Model(other, JsonNode.Parse(body)!["model"]!.GetValue<string>()), Codec.Read(kind, body)))!.AsObject();
        Assert.True(s_without.ContainsKey(name) != File.Exists(snap), $"{name}: either {snap} is there, or a line above says why not.");
        if (s_without.ContainsKey(name))
        {
            return;
        }

        var theirs = JsonNode.Parse(File.ReadAllText(snap).Split("\n---\n")[^1])!["request"]!.AsObject();
        var differing = ours.Select(p => p.Key).Union(theirs.Select(p => p.Key)).Where(key => !JsonNode.DeepEquals(ours[key], theirs[key])).Order(StringComparer.Ordinal);

        Assert.Equal(s_differences.TryGetValue(name, out var difference) ? difference.Members : "", string.Join(' ', differing));
    }

    [Theory]
    [InlineData("completions/full.json", "n")]
    [InlineData("messages/server_tools.json", "tools")]
    [InlineData("messages/responses_agent_subset.json", "messages.content")]
    [InlineData("completions/parallel-tool-call.json", null)]
    [InlineData("messages/cache_control.json", null)]
    public void Scan_WhatAnotherProtocolCannotBeAsked_IsNamed(string file, string? field)
    {
        var (kind, body) = Load(file);

        Assert.Equal(field, Codec.Scan(kind, body)!.Untranslatable);
    }

    /// <summary>
    /// Every value, but for words of the protocol itself: kinds and roles are other words in the neutral language, the model is the route's
    /// matter. A data URL is taken apart, and the proper name of image/jpg is image/jpeg.
    /// </summary>
    internal static IEnumerable<string> Leaves(JsonNode? node) => node switch
    {
        JsonObject group => group.Where(p => !s_words.Contains(p.Key)).SelectMany(p => Leaves(p.Value)),
        JsonArray list => list.SelectMany(Leaves),
        null => [],
        _ when node.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is var text => text.StartsWith("data:", StringComparison.Ordinal)
            ? text["data:".Length..].Replace("image/jpg", "image/jpeg", StringComparison.Ordinal).Split(";base64,") : [text],
        _ when node.GetValueKind() is JsonValueKind.True or JsonValueKind.False => [],
        _ => [node.ToJsonString()],
    };

    private static (ProviderKind Kind, string Body) Load(string file) => (
        file.StartsWith("completions/", StringComparison.Ordinal) ? ProviderKind.OpenAi : ProviderKind.Anthropic, File.ReadAllText(Path.Combine(Folder, file)));
}
