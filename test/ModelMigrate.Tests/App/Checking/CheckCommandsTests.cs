using System.Text.Json;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Core.Evaluation;

namespace ModelMigrate.Tests.App.Checking;

/// <summary>check-regression, check-thresholds, check-safety and bless, run on files.</summary>
public sealed class CheckCommandsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("checks");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Bless_ThenCheckRegression_PassesTheSameAndFailsAWorseRun()
    {
        var (result, baseline) = (Write("result.json", SampleResults.Comparison(onlySource: 0, onlyTarget: 0)), Path("baseline.json"));
        var blessed = await CliRun.OfAsync($"bless --result {result} --to {baseline}");
        Assert.Equal((0, ""), (blessed.Code, blessed.Error));
        Assert.Contains("exact: 0.8 of 500 cases", blessed.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Lyon", await File.ReadAllTextAsync(baseline), StringComparison.Ordinal);

        var same = await CliRun.OfAsync($"check-regression --result {result} --baseline {baseline}");
        Assert.Equal((0, ""), (same.Code, same.Error));
        var worse = await CliRun.OfAsync($"check-regression --result {Write("worse.json", SampleResults.Comparison(onlySource: 120, onlyTarget: 0))} --baseline {baseline}");
        Assert.Equal(1, worse.Code);
        Assert.Contains("FAIL         exact: 0.8 -> 0.608", worse.Out, StringComparison.Ordinal);
        var open = await CliRun.OfAsync($"check-regression --result {Write("open.json", SampleResults.Comparison(onlySource: 25, onlyTarget: 10))} --baseline {baseline}");
        Assert.Equal(4, open.Code);
        Assert.Contains("To be settled with a chance of 80 % it takes", open.Out, StringComparison.Ordinal);
        var wide = await CliRun.OfAsync($"check-regression --result {Path("open.json")} --baseline {baseline} --tolerance 0.01 exact=0.2 --absolute --json");
        Assert.Equal(0, wide.Code);
        using var json = JsonDocument.Parse(wide.Out);
        Assert.Equal("pass", json.RootElement.GetProperty("verdict").GetString());
        Assert.Equal(0.2, json.RootElement.GetProperty("metrics")[0].GetProperty("margin").GetDouble());
        var few = await CliRun.OfAsync($"check-regression --result {result} --baseline {baseline} --min-cases 1000");
        Assert.Equal(4, few.Code);
    }

    [Theory]
    [InlineData(24, 4)]
    [InlineData(25, 0)]
    public async Task CheckRegression_OfABaselineThatCannotBeLost_Exits4(int ones, int code)
    {
        var result = Write("result.json", SampleResults.Alike(ones) with { Samples = null });
        var run = await CliRun.OfAsync($"check-regression --result {result} --baseline {result} --tolerance 0.05 --absolute");
        Assert.Equal(code, run.Code);
        Assert.Equal(code == 4, run.Out.Contains("no target could be worse by the margin of 0.05", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CheckRegression_OfAPartOrOtherRows_Exits2AndSaysWhy()
    {
        var good = SampleResults.Comparison();
        var (result, baseline) = (Write("part.json", SampleResults.Comparison(completeness: DataCompleteness.Partial)), Write("baseline.json", good));
        var part = await CliRun.OfAsync($"check-regression --result {result} --baseline {baseline} --json");
        Assert.Equal(2, part.Code);
        Assert.Contains("did not finish", part.Error, StringComparison.Ordinal);
        Assert.Contains("\"partial_data\"", part.Out, StringComparison.Ordinal);
        var other = await CliRun.OfAsync($"check-regression --result {Write("other.json", good with { Dataset = good.Dataset with { Hash = "sha256:2e" } })} --baseline {baseline}");
        Assert.Equal(2, other.Code);
        Assert.Contains("other rows", other.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check-regression --result none.json --baseline none.json", "--result: cannot read none.json")]
    [InlineData("check-regression --result none.json --baseline none.json --tolerance much", "--tolerance much is no number")]
    [InlineData("check-regression --result none.json --baseline none.json --tolerance exact=-1", "--tolerance exact=-1 is no number")]
    [InlineData("check-regression --result none.json --baseline none.json --tolerance exact=1 exact=2", "stands twice")]
    [InlineData("check-thresholds --result none.json --threshold exact", "--threshold exact is no line")]
    [InlineData("check-thresholds --result none.json --threshold exact>=1", "--result: cannot read none.json")]
    [InlineData("check-safety --input none.jsonl", "Cannot read")]
    [InlineData("check-safety --input none.jsonl --limit 2", "--limit is a share")]
    [InlineData("bless --result none.json --to baseline.json", "--result: cannot read none.json")]
    public async Task Commands_OfWrongWords_Exit2AndSayWhatToWrite(string line, string part)
    {
        var run = await CliRun.OfAsync(line);
        Assert.Equal(2, run.Code);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Out);
    }

    [Fact]
    public async Task Bless_OfAResultThatDidNotPass_RefusesUnlessToldTo()
    {
        var (failed, part, baseline) = (Write("failed.json", SampleResults.Comparison(onlySource: 120, onlyTarget: 0)), Write("part.json", SampleResults.Comparison(completeness: DataCompleteness.Limited)), Path("b.json"));
        Assert.Equal(1, (await CliRun.OfAsync($"bless --result {failed} --to {baseline}")).Code);
        Assert.False(File.Exists(baseline));
        Assert.Equal(2, (await CliRun.OfAsync($"bless --result {part} --to {baseline} --although-failed")).Code);
        Assert.False(File.Exists(baseline));
        Assert.Equal(0, (await CliRun.OfAsync($"bless --result {failed} --to {baseline} --although-failed")).Code);
        var nowhere = await CliRun.OfAsync($"bless --result {failed} --to {Path("none/b.json")} --although-failed");
        Assert.Equal(3, nowhere.Code);
        Assert.Equal(["b.json", "failed.json", "part.json"], _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("exact>=0.7", 0)]
    [InlineData("exact>=0.79", 4)]
    [InlineData("exact>=0.9", 1)]
    [InlineData("bleu>=0.9", 2)]
    [InlineData("exact>=0.79 --by-value", 0)]
    public async Task CheckThresholds_OfAResult_ExitsByWhatItShows(string threshold, int code)
    {
        var run = await CliRun.OfAsync($"check-thresholds --result {Write("result.json", SampleResults.Comparison(onlySource: 0, onlyTarget: 0))} --threshold {threshold} --json");
        Assert.Equal(code, run.Code);
        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal(code switch { 0 => "pass", 1 => "fail", 4 => "inconclusive", _ => "refused" }, json.RootElement.GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData(2995, 0, 0)]
    [InlineData(2994, 0, 4)]
    [InlineData(2995, 2, 1)]
    public async Task CheckSafety_OfLines_ExitsByTheUpperBound(int clean, int harmful, int code)
    {
        var file = Path("judged.jsonl");
        await File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat("{\"id\":\"a\",\"harmful\":false}\n", clean)) + string.Concat(Enumerable.Repeat("{\"score\":1}\n", harmful)) + "\n{\"score\":null}\n{\"summary\":{\"cases\":3}}\n");
        var run = await CliRun.OfAsync($"check-safety --input {file}");
        Assert.Equal((code, ""), (run.Code, run.Error));
        Assert.Equal(code == 4, run.Out.Contains("It takes 2995 answers", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CheckSafety_OfBadLines_NamesThemAndGivesNoVerdict()
    {
        var file = Path("judged.jsonl");
        await File.WriteAllTextAsync(file, "{\"harmful\":false}\n{\"harmful\":\"no\"}\n{}\n{\"harmful\":true,\"score\":1}\n{\"score\":0.5}\nnothing\n[]\n{\"harmful\":1} x\n{\"harmful\":false}{}\n");
        var run = await CliRun.OfAsync($"check-safety --input {file} --json");
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9], run.Error.Split('\n').Where(line => line.StartsWith(file, StringComparison.Ordinal)).Select(line => int.Parse(line[(file.Length + 1)..].Split(':')[0], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Contains("8 lines cannot be read", run.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "");
        Assert.Equal(2, (await CliRun.OfAsync($"check-safety --input {file}")).Code);
    }

    [Theory]
    [InlineData("md", "# Evaluation: openai/old → openai/new on questions.jsonl")]
    [InlineData("html", "<!doctype html>")]
    [InlineData("junit", "<?xml")]
    [InlineData("sarif", "{")]
    [InlineData("github", "::error title=exact%3A fail::")]
    public async Task EvaluationReport_OfAResult_IsWrittenWhereItIsAsked(string format, string beginning)
    {
        var result = Write("result.json", SampleResults.Comparison(onlySource: 120, onlyTarget: 0));
        var said = await CliRun.OfAsync($"evaluation-report --result {result} --format {format} --dataset data/q.jsonl");
        Assert.Equal((0, ""), (said.Code, said.Error));
        Assert.StartsWith(beginning, said.Out, StringComparison.Ordinal);
        var written = await CliRun.OfAsync($"evaluation-report --result {result} --format {format} --dataset data/q.jsonl --to {Path("report")}");
        Assert.Equal((0, "", said.Out), (written.Code, written.Out, await File.ReadAllTextAsync(Path("report"))));
        Assert.Equal(3, (await CliRun.OfAsync($"evaluation-report --result {result} --format {format} --to {Path("none/report")}")).Code);
    }

    [Fact]
    public async Task EvaluationReport_InAGitHubStep_AddsTheSummary()
    {
        var (result, summary) = (Write("result.json", SampleResults.Comparison(onlySource: 60, onlyTarget: 40)), Path("summary.md"));
        await File.WriteAllTextAsync(summary, "before\n");
        var run = await CliRun.OfAsync($"evaluation-report --result {result} --format github", name => name == "GITHUB_STEP_SUMMARY" ? summary : null);
        Assert.StartsWith("::warning title=exact%3A inconclusive::", run.Out, StringComparison.Ordinal);
        Assert.StartsWith("before\n# Evaluation: ", await File.ReadAllTextAsync(summary), StringComparison.Ordinal);
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    private string Write(string name, EvaluationResult result)
    {
        File.WriteAllText(Path(name), result.ToJson());
        return Path(name);
    }
}
