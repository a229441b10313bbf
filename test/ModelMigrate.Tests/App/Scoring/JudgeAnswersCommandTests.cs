using System.Text.Json;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Control.Evaluation.Judging;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Scoring;

public sealed class JudgeAnswersCommandTests : IAsyncLifetime
{
    private const string Arms = "--source old --target new";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("model-migrate-judging-");
    private JudgeStub _stub = null!;

    public async Task InitializeAsync()
    {
        _stub = await JudgeStub.StartAsync((_, material) => material["first"] is { } first
            ? JudgeStub.Verdict(first.GetValue<string>().Contains("right", StringComparison.Ordinal) ? "first" : material["second"]!.GetValue<string>().Contains("right", StringComparison.Ordinal) ? "second" : "tie")
            : $$"""{"reason":"r","score":{{(material["answer"]!.GetValue<string>().Contains("right", StringComparison.Ordinal) ? 5 : 2)}}}""");
        await ConfigureAsync(_stub.Url);
    }

    public async Task DisposeAsync()
    {
        await _stub.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Pairs_OfAFile_AreALineEachInItsOrderAndASummary()
    {
        var run = await JudgeAsync(
            $"--pairwise {Arms} --repeats 2",
            """{"id":"a","prompt":"p","source":"wrong","target":"right","human":"target"}""",
            "",
            """{"messages":[{"role":"user","content":"p"}],"source":"right","target":"wrong","human":["source","tie"]}""",
            """{"id":7,"prompt":"p","source":"x","target":"y"}""",
            """{"prompt":"p","source":"same","target":"same"}""",
            """{"prompt":"p","error":"status 503"}""");

        Assert.Equal((int)ExitCode.Undecided, run.Code);
        var lines = Lines(run);
        Assert.Equal(("a", "target", 1.0, true), (lines[0].GetProperty("id").GetString(), lines[0].GetProperty("preference").GetString(), lines[0].GetProperty("score").GetDouble(), lines[0].GetProperty("consistent").GetBoolean()));
        Assert.Equal((3, "source", 0.0), (lines[1].GetProperty("line").GetInt32(), lines[1].GetProperty("preference").GetString(), lines[1].GetProperty("score").GetDouble()));
        Assert.Equal((7, "tie", 0.5), (lines[2].GetProperty("id").GetInt32(), lines[2].GetProperty("preference").GetString(), lines[2].GetProperty("score").GetDouble()));
        Assert.True(lines[3].GetProperty("identical").GetBoolean());
        Assert.Equal((JsonValueKind.Null, "status 503"), (lines[4].GetProperty("score").ValueKind, lines[4].GetProperty("missing").GetString()));
        Assert.Equal(4, lines[0].GetProperty("reasons").GetArrayLength());

        var summary = lines[5].GetProperty("summary");
        var pairwise = summary.GetProperty("pairwise");
        Assert.Equal((1, 2, 1, 1), (pairwise.GetProperty("wins").GetInt32(), pairwise.GetProperty("ties").GetInt32(), pairwise.GetProperty("losses").GetInt32(), pairwise.GetProperty("missing").GetInt32()));
        Assert.Equal((2, 1.0), (pairwise.GetProperty("human").GetProperty("cases").GetInt32(), pairwise.GetProperty("steadiness").GetProperty("value").GetDouble()));
        Assert.StartsWith("pairwise|judge:gemini-2.5-pro|rounds:2|orders:2|temperature:0|prompt:sha256-", summary.GetProperty("signature").GetString(), StringComparison.Ordinal);
        // Three pairs, two orders, two rounds; what it costs is told apart from anything else.
        Assert.Equal((12, 1200, 0.0024), (summary.GetProperty("judging").GetProperty("calls").GetInt32(), summary.GetProperty("judging").GetProperty("input_tokens").GetInt32(), summary.GetProperty("judging").GetProperty("dollars").GetDouble()));
        Assert.Contains("Target better in 1, as good in 2, worse in 1 of 4 pairs; 1 without a verdict.", run.Error, StringComparison.Ordinal);
        Assert.Contains("1 of 5 have no verdict, more than the share 0.05 that --max-missing allows.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grades_OfBothArms_AreComparedInPairs()
    {
        var rubric = Path.Combine(_folder.FullName, "rubric.md");
        await File.WriteAllTextAsync(rubric, "5: right. 1: wrong.");
        var run = await JudgeAsync(
            $"--rubric {rubric} {Arms}",
            """{"prompt":"p","source":"wrong","target":"right","human_target":5}""",
            """{"prompt":"q","source":"right","target":"right","human_target":4}""",
            """{"prompt":"r","prediction":"right","human":5}""");

        Assert.Equal(0, run.Code);
        var lines = Lines(run);
        Assert.Equal(["source", "target", "source", "target", "prediction"], lines.SkipLast(1).Select(line => line.GetProperty("answer").GetString()));
        Assert.Equal([2.0, 5, 5, 5, 5], lines.SkipLast(1).Select(line => line.GetProperty("score").GetDouble()));
        var summary = lines[^1].GetProperty("summary");
        Assert.Equal((3.5, 5.0), (summary.GetProperty("rubric").GetProperty("source").GetProperty("mean").GetDouble(), summary.GetProperty("rubric").GetProperty("target").GetProperty("mean").GetDouble()));
        Assert.Equal((2, 1.5), (summary.GetProperty("difference").GetProperty("pairs").GetInt32(), summary.GetProperty("difference").GetProperty("mean").GetDouble()));
        Assert.Equal(0.5, summary.GetProperty("rubric").GetProperty("target").GetProperty("human_distance").GetDouble());
        Assert.Contains("Target less source: +1.50 over 2 pairs", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Each line of the table: what is written, and what must answer it; nobody is asked.</summary>
    [Theory]
    [InlineData("--pairwise --judge newt --source old --target new", "--judge: 'newt' is not in model-migrate.yaml. Did you mean 'new'?")]
    [InlineData("--pairwise --judge judge --source old", "--target is missing, so nobody knows whether the judge is of that model's family.")]
    [InlineData("--pairwise --judge judge", "--source is missing,")]
    [InlineData("--pairwise --judge kin --source old --target new", "--judge: kin and old are both of the family gpt, and models prefer answers of their own kind.")]
    [InlineData("--judge judge --source old --target new", "Write --pairwise to have two answers compared, or --rubric FILE to have each graded; one of them.")]
    [InlineData("--pairwise --rubric /dev/null --judge judge --source old --target new", "one of them.")]
    [InlineData("--rubric /dev/null --judge judge --source old --target new", "--rubric: null is empty.")]
    [InlineData("--rubric /no/such --judge judge --source old --target new", "Name an existing file with --rubric.")]
    [InlineData("--rubric /dev/null --scale 5-1 --judge judge --source old --target new", "--scale: '5-1' is not two whole numbers")]
    [InlineData("--rubric /dev/null --min-win-rate 0.5 --judge judge --source old --target new", "--min-win-rate is of --pairwise")]
    [InlineData("--pairwise --judge free --source old --target new", "--max-cost cannot be kept: no price is known of free.")]
    [InlineData("--pairwise --judge judge --source old --target new --max-cost 0", "--max-cost: '0' is not an amount")]
    [InlineData("--pairwise --judge judge --source old --target new --repeats 0", "--repeats is a number from 1 to 20, for example 1.")]
    [InlineData("--pairwise --judge judge --source old --target new --max-missing 2", "--max-missing is a share from 0 to 1")]
    public async Task Options_Wrong_SaidWithRemedyAndNobodyIsAsked(string options, string sentence)
    {
        var run = await RunAsync(options, """{"prompt":"p","source":"a","target":"b"}""");
        Assert.Equal(((int)ExitCode.Usage, "", 0), (run.Code, run.Out, _stub.Calls));
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadLines_AmongGood_AllListedAndNobodyIsAsked()
    {
        var run = await JudgeAsync(
            $"--pairwise {Arms}", """{"prompt":"p","source":"a","target":"b"}""", "{oops", """{"promt":"p","source":"a"}""", """{"prompt":"p","source":"a","target":"b","human":"neither"}""", "[]",
            """{"prompt":"p","source":"a","target":"b","source":"c"}""");
        Assert.Equal(((int)ExitCode.Usage, 0), (run.Code, _stub.Calls));
        foreach (var sentence in (string[])[":2: it is not JSON from its byte 2 on;", ":3: prompt is missing;", "Is it promt? target is missing;", ":4: human is none of source, target and tie;", ":5: it is not a JSON object;", ":6: source stands twice; keep one.", "5 of 6 lines cannot be read, so nothing was judged."])
        {
            Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        }

        Assert.Contains("has no lines.", (await JudgeAsync($"--pairwise {Arms}", "")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameFamily_WhenAllowed_Judges() =>
        Assert.Equal(0, (await RunAsync("--pairwise --judge kin --allow-same-family", """{"prompt":"p","source":"a","target":"right"}""")).Code);

    /// <summary>40 wins of 40 show at least 90 %; 20 of 40 show less than 90 %, and neither more nor less than half.</summary>
    [Theory]
    [InlineData(40, 0.9, (int)ExitCode.Ok)]
    [InlineData(20, 0.9, (int)ExitCode.Negative)]
    [InlineData(20, 0.5, (int)ExitCode.Undecided)]
    public async Task MinWinRate_OfWins_DecidesByItsBound(int wins, double least, int code) => Assert.Equal(code, (await JudgeAsync(
        FormattableString.Invariant($"--pairwise {Arms} --concurrency 8 --min-win-rate {least}"),
        [.. Enumerable.Range(0, 40).Select(i => i < wins ? """{"prompt":"p","source":"a","target":"right"}""" : """{"prompt":"p","source":"right","target":"a"}""")])).Code);

    [Fact]
    public async Task Judge_ThatCannotBeReached_IsInfrastructure()
    {
        await using var refusing = await JudgeStub.OfAsync(StubUpstream.Json("""{"error":{"message":"no such key"}}""", 401));
        await ConfigureAsync(refusing.Url);
        var run = await JudgeAsync($"--pairwise {Arms}", """{"prompt":"p","source":"a","target":"b"}""");
        Assert.Equal((int)ExitCode.Infrastructure, run.Code);
        Assert.StartsWith("The judge could not be asked (401):", Lines(run)[0].GetProperty("missing").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CostLimit_Reached_EndsUndecided()
    {
        var run = await JudgeAsync($"--pairwise {Arms} --max-cost 0.0001", """{"prompt":"p","source":"a","target":"b"}""");
        Assert.Equal(((int)ExitCode.Undecided, 0), (run.Code, _stub.Calls));
        Assert.Contains("Raise --max-cost.", run.Error, StringComparison.Ordinal);
    }

    private static List<JsonElement> Lines(CliRun run) => [.. run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private Task<CliRun> JudgeAsync(string options, params string[] lines) => RunAsync("--judge judge " + options, lines);

    private async Task<CliRun> RunAsync(string options, params string[] lines)
    {
        var file = Path.Combine(_folder.FullName, "answers.jsonl");
        await File.WriteAllLinesAsync(file, lines);
        return await CliRun.OfAsync($"judge-answers --config {_folder.FullName}/model-migrate.yaml --input {file} {options}");
    }

    private Task ConfigureAsync(Uri judge) => File.WriteAllTextAsync(Path.Combine(_folder.FullName, "model-migrate.yaml"), $$"""
        providers:
          judging: { kind: openai, baseUrl: "{{judge}}" }
          serving: { kind: openai, baseUrl: "http://127.0.0.1:9/v1" }
        models:
          judge: { provider: judging, name: gemini-2.5-pro, inputCostPer1k: 0.001, outputCostPer1k: 0.01 }
          kin: { provider: judging, name: gpt-4.1, inputCostPer1k: 0.001, outputCostPer1k: 0.01 }
          free: { provider: judging, name: mistral-large }
          old: { provider: serving, name: gpt-4o }
          new: { provider: serving, name: claude-sonnet-4-5 }
        routes:
          chat: old

        """);
}
