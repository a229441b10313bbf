using System.Text.Json.Nodes;
using ModelMigrate.Output;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Comparing;

public sealed class CompatCommandTests : IAsyncLifetime
{
    private static readonly FaultSchedule s_quick = FaultSchedule.Default with { LatencyMedian = TimeSpan.Zero };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("model-migrate-compat-");
    private SimulatedProvider _source = null!;
    private SimulatedProvider _target = null!;

    public async Task InitializeAsync()
    {
        _source = await SimulatedProvider.StartAsync(new() { Protocol = SimulationProtocol.OpenAi, Faults = s_quick }, TimeProvider.System);
        _target = await SimulatedProvider.StartAsync(new() { Protocol = SimulationProtocol.Anthropic, Faults = s_quick }, TimeProvider.System);
        await WriteConfigAsync(_source.BaseUrl, _target.BaseUrl);
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Each line of the table: what is written, and every sentence that must answer it.</summary>
    [Theory]
    [InlineData("--to new", "'--prompts' is required")]
    [InlineData("--to new --prompts p.jsonl --max-cost much", "--max-cost: 'much' is not an amount of US dollars above 0, for example 2.5, nor 'none'.")]
    [InlineData("--to new --prompts p.jsonl --max-cost 0", "--max-cost: '0' is not")]
    [InlineData("--to new --prompts p.jsonl --concurrency 0", "--concurrency is a number of prompts from 1 to 256, for example 4.")]
    [InlineData("--to newt --prompts p.jsonl", "--to: 'newt' is not in model-migrate.yaml. Did you mean 'new'?")]
    [InlineData("--to free --prompts p.jsonl", "--max-cost cannot be kept: no price is known of free. Write inputCostPer1k and outputCostPer1k into the catalog entry, or --max-cost none.")]
    [InlineData("--to new --prompts /nonexistent/p.jsonl", "Cannot read:", "Name an existing file")]
    [InlineData("--to new --prompts /dev/null", "/dev/null has no lines.")]
    public async Task Options_Wrong_SaidWithRemedyAndNobodyIsAsked(string options, params string[] sentences)
    {
        var run = await CliRun.OfAsync($"compat --config {_folder.FullName}/model-migrate.yaml --route chat {options}");

        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.All(sentences, sentence => Assert.Contains(sentence, run.Error, StringComparison.Ordinal));
        Assert.Equal("", run.Out);
        Assert.Equal(0, _source.Stats.Started + _target.Stats.Started);
    }

    [Fact]
    public async Task Prompts_BothModelsFine_SideBySideAndNothingOfThemIsSaid()
    {
        var run = await CompatAsync("", Ask("SECRET one"), Ask("SECRET two", "\"stream\":true,\"temperature\":1.4"), $$"""{"path":"/v1/messages","body":{{Ask("SECRET three", "\"max_tokens\":50")}}}""");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.DoesNotContain("SECRET", run.Out, StringComparison.Ordinal);
        Assert.Equal((3, 3), (_source.Stats.Answered, _target.Stats.Answered));
        Assert.Contains("chat: 0 fine on old only, 0 on new only, of 3 prompts.", run.Out, StringComparison.Ordinal);

        var json = await JsonAsync("", Ask("A"), Ask("B", "\"stream\":true,\"temperature\":1.4"));
        Assert.Equal((2, 2, 1), (Int(json["source"]!["fine"]), Int(json["target"]!["fine"]), Int(json["target"]!["changed"])));
        Assert.Equal("temperature: clamped 1.4->1", json["prompts"]![1]!["target"]!["changes"]!.GetValue<string>());
        foreach (var arm in new[] { json["source"]!, json["target"]! })
        {
            Assert.True(Int(arm["input_tokens"]) > 0 && Int(arm["output_tokens"]) > 0 && arm["p50_ms"]!.GetValue<double>() > 0 && arm["first_token_p50_ms"]!.GetValue<double>() > 0);
            Assert.True(arm["cost"]!.GetValue<decimal>() > 0);
        }
    }

    [Fact]
    public async Task Prompts_ThatFailOnTheTarget_AreCountedNamedAndExitOne()
    {
        _target.Faults = s_quick with { ErrorRate = 1 };
        var run = await CompatAsync("", Ask("SECRET one"), Ask("SECRET two"));

        Assert.Equal((int)ExitCode.Negative, run.Code);
        Assert.Contains("line 1: fine on old, not on new: 5", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", run.Out + run.Error, StringComparison.Ordinal);

        // Each model is asked once, whatever comes of it.
        Assert.Equal((2, 2), (_source.Stats.Started, _target.Stats.Started));

        var shown = await CompatAsync("--show-prompts", Ask("SECRET one"));
        Assert.Contains("The simulated provider failed.", shown.Out, StringComparison.Ordinal);
        Assert.Contains("): SECRET one", shown.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompts_ThatTheTargetCannotBeAsked_AreErrorsOfTheTarget()
    {
        var json = await JsonAsync("", Ask("A", "\"n\":2"));

        Assert.Equal("unsupported_parameter n", Assert.Single(json["target"]!["errors"]!.AsObject()).Key);
        Assert.Equal((1, 0L), (Int(json["worse"]), _target.Stats.Started));
    }

    [Fact]
    public async Task BadLines_AmongGood_AllListedAndNobodyIsAsked()
    {
        var run = await CompatAsync("", Ask("A"), "{oops", """{"messages":7}""");

        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.Contains(":2: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(":3: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("2 of 3 lines cannot be read, so nothing was asked.", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, _source.Stats.Started);
    }

    /// <summary>What the run may cost is reserved before it is asked, so no number of prompts at once spends more.</summary>
    [Fact]
    public async Task CostLimit_ManyAtOnce_IsNeverOverspent()
    {
        // 200 tokens of answer at 1 and 2 dollars a million of output reserve 0.0006 dollars a prompt, and a little for the prompt itself.
        var json = await JsonAsync("--max-cost 0.005 --concurrency 16", [.. Enumerable.Range(0, 40).Select(i => Ask($"Prompt {i}", "\"max_tokens\":200"))]);

        var asked = json["prompts"]!.AsArray().Count;
        Assert.InRange(asked, 1, 39);
        Assert.True(json["is_cut"]!.GetValue<bool>());
        Assert.True(json["source"]!["cost"]!.GetValue<decimal>() + json["target"]!["cost"]!.GetValue<decimal>() <= 0.005m);
        Assert.Equal((asked, asked), (_source.Stats.Started, _target.Stats.Started));
        Assert.Equal((int)ExitCode.Undecided, (await CompatAsync("--max-cost 0.0001", Ask("A"))).Code);
    }

    [Fact]
    public async Task Concurrency_OfThree_IsReachedAndNotPassed()
    {
        var (now, most) = (0, 0);
        var three = new TaskCompletionSource();
        await using var upstream = await StubUpstream.StartAsync(async (context, received) =>
        {
            var under = Interlocked.Increment(ref now);
            most = Math.Max(most, under);
            if (under == 3)
            {
                three.TrySetResult();
            }

            await three.Task.WaitAsync(TimeSpan.FromSeconds(10));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            await StubUpstream.Json(ChatSamples.Answer)(context, received);
        });
        await WriteConfigAsync(new Uri(upstream.Url, "/v1"), _target.BaseUrl);

        var run = await CompatAsync("--concurrency 3", [.. Enumerable.Range(0, 12).Select(i => Ask($"Prompt {i}"))]);

        Assert.Equal((0, 3, 12), (run.Code, most, upstream.Requests.Count));
    }

    private static string Ask(string prompt, string more = "\"max_tokens\":100") => $$"""{"messages":[{"role":"user","content":"{{prompt}}"}],{{more}}}""";

    private static int Int(JsonNode? node) => node!.GetValue<int>();

    private async Task<CliRun> CompatAsync(string options, params string[] lines)
    {
        var file = Path.Combine(_folder.FullName, "prompts.jsonl");
        await File.WriteAllLinesAsync(file, lines);
        return await CliRun.OfAsync($"compat --config {_folder.FullName}/model-migrate.yaml --route chat --to new --prompts {file} {options}");
    }

    private async Task<JsonNode> JsonAsync(string options, params string[] lines) => JsonNode.Parse((await CompatAsync("--json " + options, lines)).Out)!;

    private Task WriteConfigAsync(Uri source, Uri target) => File.WriteAllTextAsync(Path.Combine(_folder.FullName, "model-migrate.yaml"), $$"""
        providers:
          old: { kind: openai, baseUrl: "{{source.ToString().TrimEnd('/')}}" }
          new: { kind: anthropic, baseUrl: "{{target.ToString().TrimEnd('/')}}" }
        models:
          old: { provider: old, inputCostPer1k: 0.001, outputCostPer1k: 0.001 }
          new: { provider: new, inputCostPer1k: 0.001, outputCostPer1k: 0.002 }
          free: new
        routes:
          chat: old

        """);
}
