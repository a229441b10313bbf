using System.Globalization;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Data.Sqlite;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Control.Evaluation.Judging;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating;

/// <summary><c>compare</c> and <c>evaluate</c> over HTTP, between simulated models of known quality.</summary>
public sealed class CompareCommandTests : ComparisonTests
{
    /// <summary>500 questions, margin 5 points: a better model passes, one that is 15 points worse fails, and 30 rows of equal ones decide nothing.</summary>
    [Fact]
    public async Task Compare_ModelsOfKnownQuality_PassFailAndInconclusive()
    {
        var (old, better, worse) = (await Rig.StartAsync(0.85, seed: 1), await Rig.StartAsync(0.93, seed: 2), await Rig.StartAsync(0.70, seed: 3));

        var pass = await Rig.CompareAsync(old, better, "--metrics exact,f1_squad --margin 5pp --out pass --json");
        Assert.True(pass.Code == (int)ExitCode.Ok, pass.Error);
        var result = JsonNode.Parse(pass.Out)!;
        Assert.Equal(("pass", "recommended", "complete"), (Text(result["gate"]!["verdict"]), Text(result["gate"]!["recommendation"]), Text(result["completeness"])));
        Assert.InRange(result["metrics"]![0]!["source"]!["mean"]!.GetValue<double>(), 0.81, 0.89);
        Assert.InRange(result["metrics"]![0]!["target"]!["mean"]!.GetValue<double>(), 0.90, 0.96);
        Assert.Equal(500, result["samples"]!["ids"]!.AsArray().Count);
        Assert.NotEmpty(Text(result["worst_cases"]![0]!["prompt"]));
        Assert.Equal((500, 500), (old.Stats.Answered, better.Stats.Answered));
        Assert.Equal(pass.Out, await File.ReadAllTextAsync(Rig.In("pass/result.json")));

        var fail = await Rig.CompareAsync(old, worse, "--metrics exact --margin 5pp --out fail");
        Assert.Equal((int)ExitCode.Negative, fail.Code);
        Assert.Contains("FAIL, not recommended.", fail.Out, StringComparison.Ordinal);

        var few = await Rig.WriteAsync("few.jsonl", string.Join('\n', (await File.ReadAllLinesAsync(ComparisonRig.Questions)).Take(60)));
        var open = await Rig.CompareAsync(old, better, $"--metrics exact --margin 1pp --out open", few);
        Assert.Equal((int)ExitCode.Undecided, open.Code);
        Assert.Contains("it takes", open.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_TheSameFolderAgain_AsksNothingAndSaysTheSame()
    {
        var (old, target) = (await Rig.StartAsync(0.85, seed: 1), await Rig.StartAsync(0.93, seed: 2));
        var first = await Rig.CompareAsync(old, target, "--metrics exact --out same --json");
        var again = await Rig.CompareAsync(old, target, "--metrics exact --out same --json");

        Assert.Equal((500, 500), (old.Stats.Answered, target.Stats.Answered));
        Assert.Equal(ComparisonRig.WithoutTiming(first.Out), ComparisonRig.WithoutTiming(again.Out));

        // A metric more is scored from the kept answers; another target finds the source's there.
        var more = await Rig.CompareAsync(old, target, "--metrics exact,rougeL --out same --json");
        Assert.Equal((500, 500), (old.Stats.Answered, target.Stats.Answered));
        Assert.Equal(500, JsonNode.Parse(more.Out)!["metrics"]![1]!["target"]!["cases"]!.GetValue<int>());
        var third = await Rig.StartAsync(0.9, seed: 4);
        Assert.Equal(0, (await Rig.CompareAsync(old, third, "--metrics exact --out same")).Code);
        Assert.Equal((500, 500), (old.Stats.Answered, third.Stats.Answered));
    }

    /// <summary>What is written, and every sentence that must answer it; no model is asked.</summary>
    [Theory]
    [InlineData("--metrics exat,f1_squad,blue", "There is no metric exat. Did you mean exact?", "There is no metric blue. Did you mean bleu?")]
    [InlineData("--metrics exact --margin much", "--margin: 'much' is no margin; write 0.05, 5pp, or 10%")]
    [InlineData("--metrics exact --margin f1_squad=5pp", "--margin: f1_squad is none of the metrics; they are exact.")]
    [InlineData("--metrics exact --param exact.x=1", "exact has no parameter x;")]
    [InlineData("--metrics exact,exact", "exact stands twice; keep one.")]
    [InlineData("--metrics latency", "None of the metrics has a margin")]
    [InlineData("--metrics word_count --margin 5pp", "word_count describes an answer")]
    [InlineData("--metrics exact --map prompt=frage", "the row has no column 'frage'; its columns are id, prompt, reference, tags.", "And 480 more rows are wrong.")]
    [InlineData("--metrics exact --filter tag=none", "none of its 500 rows matches the filter tag=none;")]
    [InlineData("--metrics exact --filter colour=red", "'colour=red' is no filter;")]
    [InlineData("--metrics exact --budget 1", "The budget cannot be kept: no price is known of openai:m@")]
    [InlineData("--metrics exact --shard 3/2", "--shard: '3/2' is no part of several;")]
    [InlineData("--metrics exact --concurrency 0", "--concurrency is a number from 1 to 256.")]
    public async Task Options_Wrong_SaidWithRemedyAndNobodyIsAsked(string options, params string[] sentences)
    {
        var (old, target) = (await Rig.StartAsync(0.9, seed: 1), await Rig.StartAsync(0.9, seed: 2));
        var run = await Rig.CompareAsync(old, target, options + " --out wrong");

        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.All(sentences, sentence => Assert.Contains(sentence, run.Error, StringComparison.Ordinal));
        Assert.Equal(0, old.Stats.Started + target.Stats.Started);
        Assert.False(Directory.Exists(Rig.In("wrong")));
    }

    [Fact]
    public async Task Compare_PartOfTheData_IsNotJudged()
    {
        var (old, target) = (await Rig.StartAsync(0.9, seed: 1), await Rig.StartAsync(0.9, seed: 2));
        var run = await Rig.CompareAsync(old, target, "--metrics exact --limit 100 --out part --json");

        Assert.Equal((int)ExitCode.Usage, run.Code);
        var result = JsonNode.Parse(run.Out)!;
        Assert.Equal(("limited", "refused"), (Text(result["completeness"]), Text(result["gate"]!["verdict"])));
        Assert.Equal((100, 100), (old.Stats.Answered, target.Stats.Answered));
    }

    [Fact]
    public async Task Compare_TargetThatIsNotThere_ExitsThreeAndGoesOnLater()
    {
        var (old, target) = (await Rig.StartAsync(0.85, seed: 1), await Rig.StartAsync(0.93, seed: 2));
        target.Faults = ComparisonRig.Quick with { Down = true };
        var config = await Rig.ConfigAsync(old, target);
        var down = await Rig.CompareAsync("--source old --target new", "--metrics exact --out down --config " + config);

        Assert.Equal((int)ExitCode.Infrastructure, down.Code);
        Assert.Contains("answered none of its first 20 rows", down.Error, StringComparison.Ordinal);
        // Twenty rows, each tried four times, and those that were under way.
        Assert.InRange(target.Stats.Started, 80, 120);

        target.Faults = ComparisonRig.Quick;
        var up = await Rig.CompareAsync("--source old --target new", "--metrics exact --out down --retry-errors --config " + config);
        Assert.True(up.Code == 0, up.Error + up.Out);
        Assert.Contains("no errors", up.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_BudgetThatDoesNotReach_StopsAndIsNotJudged()
    {
        var (old, target) = (await Rig.StartAsync(0.85, seed: 1), await Rig.StartAsync(0.93, seed: 2));
        var config = await Rig.ConfigAsync(old, target);
        var run = await CliRun.OfAsync($"compare --config {config} --source old --target new --dataset {ComparisonRig.Questions} --metrics exact --max-tokens 8 --budget 0.01 --out {Rig.In("budget")} --json");

        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.Contains("The budget of $0.01 ended the run before row", run.Error, StringComparison.Ordinal);
        var result = JsonNode.Parse(run.Out)!;
        Assert.Equal("partial", Text(result["completeness"]));
        Assert.InRange(result["source"]!["cost"]!.GetValue<decimal>() + result["target"]!["cost"]!.GetValue<decimal>(), 0.002m, 0.01m);

        // Raised, it goes on from there.
        var more = await CliRun.OfAsync($"compare --config {config} --source old --target new --dataset {ComparisonRig.Questions} --metrics exact --max-tokens 8 --budget 5 --out {Rig.In("budget")}");
        Assert.True(more.Code == 0, more.Error);
        Assert.Contains("about $", more.Out, StringComparison.Ordinal);
        Assert.Equal((500, 500), (old.Stats.Answered, target.Stats.Answered));
    }

    /// <summary>A model that says something else each time: each repeat is an answer of its own, when it is asked and when a longer data set takes it from the cache.</summary>
    [Fact]
    public async Task Compare_Repeats_AreAskedAndCachedEachByItself()
    {
        const int Few = 60;
        var said = 0;
        await using var upstream = await StubUpstream.StartAsync((context, received) =>
            StubUpstream.Json(JudgeStub.Answer(string.Create(CultureInfo.InvariantCulture, $"answer {Interlocked.Increment(ref said)}")))(context, received));
        var lines = await File.ReadAllLinesAsync(ComparisonRig.Questions);
        var (few, more) = (await Rig.WriteAsync("few.jsonl", string.Join('\n', lines.Take(Few))), await Rig.WriteAsync("more.jsonl", string.Join('\n', lines.Take(Few + 5))));
        var arms = $"--source openai:a@{upstream.Url}v1 --target openai:b@{upstream.Url}v1";

        await Rig.CompareAsync(arms, "--metrics exact --repeats 2 --out repeats", few);
        Assert.Equal(4 * Few, said);
        Assert.Equal(4 * Few, Texts().Distinct(StringComparer.Ordinal).Count());

        await Rig.CompareAsync(arms, "--metrics exact --repeats 2 --out repeats", more);
        Assert.Equal(4 * (Few + 5), said);
        Assert.Equal(4 * (Few + 5), Texts().Distinct(StringComparer.Ordinal).Count());

        // The newest data set's, as its rows have them.
        List<string> Texts()
        {
            using var store = new SqliteConnection($"Data Source={Rig.In("repeats/evaluation.db")};Mode=ReadOnly;Pooling=False");
            return [.. store.Query<string>("SELECT a.text FROM results r JOIN answers a ON a.number = r.answer WHERE r.dataset = (SELECT max(number) FROM datasets)")];
        }
    }

    [Fact]
    public async Task Compare_FaultsThatPass_AreTriedAgainAndCounted()
    {
        var (old, target) = (await Rig.StartAsync(0.85, seed: 1), await Rig.StartAsync(0.93, seed: 2));
        old.Faults = ComparisonRig.Quick with { ErrorRate = 0.05, MalformedRate = 0.02 };
        var run = await Rig.CompareAsync(old, target, "--metrics exact --out faults --json");

        var source = JsonNode.Parse(run.Out)!["source"]!;
        Assert.Equal((500, 0), (source["answers"]!.GetValue<int>(), source["errors"]!.GetValue<int>()));
        Assert.InRange(source["retried"]!.GetValue<int>(), 10, 80);
    }

    [Fact]
    public async Task Evaluate_File_RunsAndEveryMistakeIsNamedWithItsLine()
    {
        var (old, target) = (await Rig.StartAsync(0.85, seed: 1), await Rig.StartAsync(0.93, seed: 2));
        var file = await Rig.WriteAsync("evaluation.yaml", $$"""
            source: {{ComparisonRig.Arm(old)}}
            target: {{ComparisonRig.Arm(target)}}
            dataset: {{ComparisonRig.Questions}}
            metrics:
              - { metric: exact, margin: 5pp }
              - bleu
              - { metric: latency, shown: true }
            repeats: 2

            """);
        var run = await CliRun.OfAsync($"evaluate --config {file} --out {Rig.In("file")} --json");
        Assert.True(run.Code == 0, run.Error);
        var result = JsonNode.Parse(run.Out)!;
        Assert.Equal((3, 2), (result["metrics"]!.AsArray().Count, result["gate"]!["metrics"]!.AsArray().Count));
        Assert.Equal(1000, result["target"]!["answers"]!.GetValue<int>());

        var wrong = await Rig.WriteAsync("wrong.yaml", (await File.ReadAllTextAsync(file)).Replace("bleu", "blue", StringComparison.Ordinal).Replace("metric: exact", "metric: exakt", StringComparison.Ordinal));
        var refused = await CliRun.OfAsync($"evaluate --config {wrong} --out {Rig.In("wrong")}");
        Assert.Equal((int)ExitCode.Usage, refused.Code);
        Assert.Contains("wrong.yaml:5:15: There is no metric exakt. Did you mean exact?", refused.Error, StringComparison.Ordinal);
        Assert.Contains("wrong.yaml:6:5: There is no metric blue.", refused.Error, StringComparison.Ordinal);

        var mistyped = await Rig.WriteAsync("mistyped.yaml", "sourc: a\ntarget: b\ndataset: c\nmetrics: [{metric: exact, margn: 1}]\n");
        var run3 = await CliRun.OfAsync($"evaluate --config {mistyped}");
        Assert.Equal((int)ExitCode.Usage, run3.Code);
        Assert.Contains("mistyped.yaml:1:1: error unknown-key:", run3.Error, StringComparison.Ordinal);
        Assert.Contains("Write 'margin'.", run3.Error, StringComparison.Ordinal);
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
