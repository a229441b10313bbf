using System.Text.Json.Nodes;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.App.Linting;

public sealed class LintCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("model-migrate-lint-");

    private static string Config { get; } = Path.Combine(Source.Root, "samples", "lint", "model-migrate.yaml");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Each line of the table: what is written, and every sentence that must answer it.</summary>
    [Theory]
    [InlineData("", "'--route' is required", "'--to' is required")]
    [InlineData("--route chatt --to claude-sonnet-45", "--route: 'chatt' is not in model-migrate.yaml. Did you mean 'chat'?", "--to: 'claude-sonnet-45' is not in model-migrate.yaml. Did you mean 'claude-sonnet-4-5'?")]
    [InlineData("--route x --to y", "Write one of chat.", "Write one of claude-sonnet-4-5, gpt-4o, gpt-5.")]
    [InlineData("--route chat --to gpt-4o", "--to: 'gpt-4o' serves the route 'chat' today. Name the model that it would move to.")]
    [InlineData("--route chat --to gpt-5 --protocol grpc", "grpc", "openai", "anthropic")]
    [InlineData("--route chat --to gpt-5 --requests /nonexistent/requests.jsonl", "Cannot read:", "Name an existing file, or - for standard input.")]
    [InlineData("--route chat --to gpt-5 --requests /dev/null", "/dev/null has no lines. Write one request a line")]
    public async Task Options_Wrong_AllSaidAtOnceWithRemedy(string options, params string[] sentences)
    {
        var run = await CliRun.OfAsync($"lint --config {Config} {options}");

        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.All(sentences, sentence => Assert.Contains(sentence, run.Error, StringComparison.Ordinal));
        Assert.Equal("", run.Out);
    }

    [Fact]
    public async Task Output_OfTheSample_IsTheGuides()
    {
        var guide = Source.Text("docs/guide/lint.md");
        var (command, shown) = (guide.Split("$ model-migrate ")[1].Split('\n')[0], guide.Split("$ model-migrate ")[1].Split("```")[0].Split('\n', 2)[1]);

        var run = await CliRun.OfAsync(command.Replace("samples/", Source.Root + "/samples/", StringComparison.Ordinal));

        Assert.Equal("", run.Error);
        Assert.Equal(shown, run.Out);
        Assert.Equal((int)ExitCode.Negative, run.Code);
    }

    [Fact]
    public async Task BadLines_AmongGood_AllListedAndTheRestReported()
    {
        var run = await LintAsync("claude-sonnet-4-5", "",
            """{"messages":[{"role":"user","content":"A"}],"seed":1}""", "", "{oops", "[1]", """{"messages":[],"messages":[]}""", """{"prompt":"A"}""",
            """{"path":"/v1/images/generations","body":{"prompt":"A"}}""", """{"messages":[{"role":"user","content":"A"}],"stream":"yes"}""");

        Assert.Equal((int)ExitCode.Usage, run.Code);
        foreach (var (line, words) in new[]
        {
            (3, "not one JSON object"), (4, "not one JSON object"), (5, "repeated names"), (6, "'messages'"),
            (7, "'/v1/images/generations' is no path whose requests are read; they are /v1/chat/completions,"), (8, "'stream' must be true or false"),
        })
        {
            Assert.Contains(run.Error.Split('\n'), said => said.Contains($":{line}: ", StringComparison.Ordinal) && said.Contains(words, StringComparison.Ordinal));
        }

        Assert.Contains("6 of 7 lines cannot be read.", run.Error, StringComparison.Ordinal);
        Assert.Contains("seed: 1 request, first in line 1", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_ThatTheTargetTakes_ExitZero()
    {
        var run = await LintAsync("claude-sonnet-4-5", "", """{"messages":[{"role":"user","content":"A"}],"max_tokens":9,"temperature":0.5}""");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal("chat: gpt-4o -> claude-sonnet-4-5. 1 request, 1 as they stand.\n", run.Out);
    }

    [Fact]
    public async Task Request_WithManyFieldsThatStopIt_NamesEach()
    {
        var run = await LintAsync("claude-sonnet-4-5", "--json", """{"messages":[{"role":"user","content":"A"}],"n":2,"audio":{"voice":"alloy"},"unheard_of":1,"temperature":2}""");

        Assert.Equal(["audio", "n", "temperature", "unheard_of"], Groups(run).Select(group => group["field"]!.GetValue<string>()).Order(StringComparer.Ordinal));
    }

    /// <summary>Nothing that a person wrote is shown, and no key of theirs that stands beside it.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("--json")]
    public async Task Examples_HoldNoText(string json)
    {
        var run = await LintAsync("claude-sonnet-4-5", json,
            """{"messages":[{"role":"user","content":[{"type":"text","text":"SECRET-1"},{"type":"image_url","image_url":{"url":"https://x/SECRET-2","detail":"low"}}]},{"role":"assistant","tool_calls":[{"id":"c:1","type":"function","function":{"name":"SECRET-3","arguments":"{\"SECRET-4\":1}"}}]},{"role":"tool","tool_call_id":"c:1","content":"SECRET-5"}],"user":"SECRET-6","metadata":{"a":"SECRET-7"},"prediction":{"type":"content","content":"SECRET-8"},"n":2}""");

        Assert.Equal((int)ExitCode.Negative, run.Code);
        Assert.DoesNotContain("SECRET", run.Out + run.Error, StringComparison.Ordinal);
        Assert.Contains("<8 characters>", run.Out, StringComparison.Ordinal);
    }

    /// <summary>Between models of the OpenAI protocol the body passes as bytes, but for what the target's entry rejects.</summary>
    [Fact]
    public async Task SameProtocol_WhatTheEntryRejects_IsLost()
    {
        var run = await LintAsync("gpt-5", "--json", """{"messages":[{"role":"user","content":"A"}],"temperature":0.2,"n":2,"seed":1}""", """{"messages":[{"role":"user","content":"A"}]}""");

        var group = Assert.Single(Groups(run));
        Assert.Equal(("loses", "temperature", "translated", 1), (Text(group, "fate"), Text(group, "field"), Text(group, "cause"), group["requests"]!.GetValue<int>()));
        Assert.Equal("{\"temperature\":null}", group["patch"]!.ToJsonString());
    }

    [Fact]
    public async Task OtherRoutes_AndOtherNames_OnlyTheFormerArePassedOver()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "two.yaml"), (await File.ReadAllTextAsync(Config)) + "  other: gpt-5\n");

        var run = await LintAsync("claude-sonnet-4-5", "", Path.Combine(_folder.FullName, "two.yaml"),
            """{"model":"other","messages":[{"role":"user","content":"A"}],"seed":1}""", """{"model":"gpt-4o","messages":[{"role":"user","content":"A"}]}""");

        Assert.Equal("chat: gpt-4o -> claude-sonnet-4-5. 1 request, 1 as they stand; 1 of other routes passed over.\n", run.Out);
    }

    [Fact]
    public async Task LongConversation_BeyondTheTargetsContext_Fails()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "short.yaml"), (await File.ReadAllTextAsync(Config)).Replace("200000, maxOutputTokens: 64000", "2000", StringComparison.Ordinal));

        var run = await LintAsync("claude-sonnet-4-5", "--json", Path.Combine(_folder.FullName, "short.yaml"),
            $$"""{"messages":[{"role":"user","content":"{{new string('a', 7000)}}"}],"max_tokens":300}""", """{"messages":[{"role":"user","content":"A"}]}""");

        var group = Assert.Single(Groups(run));
        Assert.Equal(("context", "about 1750 tokens and 300 of answer, of 2000"), (Text(group, "cause"), Text(group, "detail")));
    }

    /// <summary>Tools are asked with every turn, and count as the words do.</summary>
    [Fact]
    public async Task ManyTools_BeyondTheTargetsContext_Fails()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "short.yaml"), (await File.ReadAllTextAsync(Config)).Replace("200000, maxOutputTokens: 64000", "2000", StringComparison.Ordinal));
        var schema = """{"type":"object","properties":{"P":{"type":"string"}}}""".Replace("P", new string('p', 7000), StringComparison.Ordinal);
        var tool = """{"type":"function","function":{"name":"find","description":"D","parameters":S}}"""
            .Replace("D", new string('d', 1000), StringComparison.Ordinal).Replace("S", schema, StringComparison.Ordinal);

        var run = await LintAsync("claude-sonnet-4-5", "--json", Path.Combine(_folder.FullName, "short.yaml"), $$"""{"messages":[{"role":"user","content":"A"}],"tools":[{{tool}}],"max_tokens":9}""");

        var group = Assert.Single(Groups(run));
        Assert.Equal(("context", $"about {(1 + 4 + 1000 + schema.Length) / 4} tokens and 9 of answer, of 2000"), (Text(group, "cause"), Text(group, "detail")));
    }

    /// <summary>Each protocol's pictures, to a target whose entry does not say that it sees, and to one that says it.</summary>
    [Theory]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/SECRET"}}]}]}""")]
    [InlineData("/v1/messages", """{"max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://x/SECRET"}}]}]}""")]
    [InlineData("/v1/responses", """{"input":[{"role":"user","content":[{"type":"input_image","image_url":"https://x/SECRET"}]}]}""")]
    public async Task Pictures_ToATargetThatIsNotKnownToSee_Fail(string path, string body)
    {
        var config = (await File.ReadAllTextAsync(Config)).Replace("maxOutputTokens: 16384", "maxOutputTokens: 16384, capabilities: [images]", StringComparison.Ordinal);
        var (reading, seeing) = (Path.Combine(_folder.FullName, "reading.yaml"), Path.Combine(_folder.FullName, "seeing.yaml"));
        await File.WriteAllTextAsync(reading, config.Replace("maxOutputTokens: 64000", "maxOutputTokens: 64000, capabilities: [tools]", StringComparison.Ordinal));
        await File.WriteAllTextAsync(seeing, config.Replace("maxOutputTokens: 64000", "maxOutputTokens: 64000, capabilities: [vision]", StringComparison.Ordinal));
        var line = $$"""{"path":"{{path}}","body":{{body}}}""";

        var blind = await LintAsync("claude-sonnet-4-5", "--json", reading, line, """{"messages":[{"role":"user","content":"A"}],"max_tokens":9}""");
        var sees = await LintAsync("claude-sonnet-4-5", "--json", seeing, line);

        var group = Groups(blind).First();
        Assert.Equal(("fails", "images", "capability", 1), (Text(group, "fate"), Text(group, "field"), Text(group, "cause"), group["requests"]!.GetValue<int>()));
        Assert.Equal(0, group["on_source_too"]!.GetValue<int>());
        Assert.Contains("<16 characters>", Text(group, "example"), StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", blind.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(Groups(sees), found => Text(found, "field") == "images");
    }

    [Fact]
    public async Task AnthropicRequests_ByTheirPathOrTheOption_AreRead()
    {
        const string Body = """{"max_tokens":9,"top_k":3,"messages":[{"role":"user","content":"A"}]}""";
        var byPath = await LintAsync("gpt-5", "--json", $$"""{"url":"/v1/messages","body":{{Body}}}""");
        var byOption = await LintAsync("gpt-5", "--json --protocol anthropic", Body);

        Assert.Equal(byPath.Out, byOption.Out);
        var group = Assert.Single(Groups(byOption));

        // Also on the model that serves the route today: the migration changes nothing.
        Assert.Equal(("top_k", 1, 0), (Text(group, "field"), group["on_source_too"]!.GetValue<int>(), byOption.Code));
    }

    [Fact]
    public async Task Guide_EveryOption_IsExplained()
    {
        var guide = Source.Text("docs/guide/lint.md");
        foreach (var verb in (string[])["lint", "compat"])
        {
            var help = (await CliRun.OfAsync($"{verb} --help")).Out;
            var options = help.Split('\n').Select(line => line.Trim().TrimEnd(',').Split(' ', ',')).SelectMany(words => words.Where(word => word.StartsWith("--", StringComparison.Ordinal)).Take(1)).ToList();
            Assert.Contains("--route", options);
            Assert.All(options.Except(["--help"], StringComparer.Ordinal), option => Assert.Contains(option, guide, StringComparison.Ordinal));
        }
    }

    private Task<CliRun> LintAsync(string to, string options, params string[] lines)
    {
        var config = lines[0].EndsWith(".yaml", StringComparison.Ordinal) ? lines[0] : Config;
        var file = Path.Combine(_folder.FullName, "requests.jsonl");
        File.WriteAllLines(file, lines.Where(line => line != config));
        return CliRun.OfAsync($"lint --config {config} --route chat --to {to} --requests {file} {options}");
    }

    private static IEnumerable<JsonNode> Groups(CliRun run) => JsonNode.Parse(run.Out)!["groups"]!.AsArray().Select(group => group!);

    private static string Text(JsonNode group, string name) => group[name]!.GetValue<string>();
}
