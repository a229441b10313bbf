using System.Text.Json;
using System.Xml.Linq;
using ModelMigrate.Control.Evaluation.Reports;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Tests.Core.Evaluation;

namespace ModelMigrate.Tests.Control.Evaluation;

public sealed class ReportWriterTests
{
    private static readonly EvaluationResult s_pass = SampleResults.Comparison();

    private static readonly EvaluationResult s_fail = SampleResults.Comparison(onlySource: 95, onlyTarget: 5);

    private static readonly EvaluationResult s_open = SampleResults.Comparison(onlySource: 60, onlyTarget: 40);

    private static readonly EvaluationResult s_part = SampleResults.Comparison(completeness: DataCompleteness.Partial);

    private static readonly EvaluationResult s_alone = s_pass with { Source = null, Gate = null, WorstCases = [] };

    private static readonly EvaluationResult s_nothing = s_alone with { Metrics = [] };

    [Fact]
    public void Markdown_OfEachVerdict_BeginsWithIt()
    {
        Assert.Contains("**pass**, recommended. The gate passes.", EvaluationMarkdown.Write(s_pass), StringComparison.Ordinal);
        Assert.Contains("**fail**, not recommended.", EvaluationMarkdown.Write(s_fail), StringComparison.Ordinal);
        Assert.Contains("**inconclusive**, caution.", EvaluationMarkdown.Write(s_open), StringComparison.Ordinal);
        Assert.Contains("**Refused.** The run did not finish", EvaluationMarkdown.Write(s_part), StringComparison.Ordinal);
        Assert.Contains("**Refused.** Nothing was scored.", EvaluationMarkdown.Write(s_nothing), StringComparison.Ordinal);
        Assert.Contains("# Evaluation: openai/new on questions.jsonl", EvaluationMarkdown.Write(s_alone), StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_OfTextsOfModels_KeepsThemOutOfTheMarkup()
    {
        var page = EvaluationMarkdown.Write(s_fail);
        Assert.Contains("Lyon &lt;b>\\|", page, StringComparison.Ordinal);
        Assert.All(page.Split('\n').Where(line => line.StartsWith("| q0", StringComparison.Ordinal)), row => Assert.Equal(8, row.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|')));
    }

    [Fact]
    public void ForestLine_OfAnInterval_HasItsMarksInPlace()
    {
        // The line reaches from −1.5 to 1.5 margins: 20 places to either side of zero.
        Assert.Equal($"{new string('·', 7)}┊{new string('─', 2)}●{new string('─', 3)}{new string('·', 6)}│{new string('·', 20)}", ForestLine.Of(-0.0375, -0.05, -0.025, -0.05));
        Assert.Equal(new string('·', 41), ForestLine.Of(0, 0, 0, 0));
        Assert.Equal(new string('·', 41), ForestLine.Of(double.NaN, double.NaN, double.NaN, -0.05));
    }

    [Fact]
    public void JUnit_OfEachVerdict_IsGreenOnlyWhenItPasses()
    {
        Assert.Equal(("0", "0"), Counts(s_pass));
        Assert.Equal(("1", "0"), Counts(s_fail));
        Assert.Equal(("1", "0"), Counts(s_open));
        Assert.Equal(("0", "1"), Counts(s_part));
        Assert.Equal(("0", "1"), Counts(s_nothing));
        Assert.Equal(("0", "0"), Counts(s_alone));
        Assert.Equal("1", XDocument.Parse(EvaluationJUnit.Write(s_alone)).Root!.Attribute("tests")!.Value);

        static (string, string) Counts(EvaluationResult result)
        {
            var root = XDocument.Parse(EvaluationJUnit.Write(result)).Root!;
            Assert.NotEmpty(root.Descendants("testcase"));
            Assert.Equal(root.Attribute("failures")!.Value, $"{root.Descendants("failure").Count()}");
            return (root.Attribute("failures")!.Value, root.Attribute("errors")!.Value);
        }
    }

    [Fact]
    public void JUnit_OfAFailure_HasTheReasonAndWhatWasExpected()
    {
        var odd = s_fail with { WorstCases = [s_fail.WorstCases[0] with { TargetAnswer = "bell \a, half \ud800, whole \ud83d\ude00 ]]> & <" }] };
        var failure = XDocument.Parse(EvaluationJUnit.Write(odd)).Descendants("failure").Single();
        Assert.Equal("fail", failure.Attribute("type")!.Value);
        Assert.StartsWith("Worse by more than the margin: target − source is -0.18", failure.Attribute("message")!.Value, StringComparison.Ordinal);
        Assert.Contains("q0 (line 1): exact 1 -> 0\n  expected: Paris\n  source: Paris\n  target: bell \uFFFD, half \uFFFD, whole \ud83d\ude00 ]]> & <", failure.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_OfWhatAModelSaid_AreNoCommandsOfTheirOwn()
    {
        Assert.Equal("", EvaluationAnnotations.Write(s_pass));
        var odd = s_fail with { WorstCases = [s_fail.WorstCases[0] with { TargetAnswer = "a\n::error::b\r\n100%" }] };
        var lines = EvaluationAnnotations.Write(odd, "data/a,b:c.jsonl").TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("::error title=exact%3A fail::Worse by more", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("::notice file=data/a%2Cb%3Ac.jsonl,line=1,title=exact lost::q0", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("a%0A::error::b%0D%0A100%25", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("::warning title=exact%3A inconclusive::", EvaluationAnnotations.Write(s_open), StringComparison.Ordinal);
        Assert.StartsWith("::error title=Evaluation refused::", EvaluationAnnotations.Write(s_part), StringComparison.Ordinal);
        Assert.StartsWith("::error title=Evaluation refused::", EvaluationAnnotations.Write(s_nothing), StringComparison.Ordinal);
    }

    [Fact]
    public void Sarif_OfAFailure_PointsAtTheRows()
    {
        using var json = JsonDocument.Parse(EvaluationSarif.Write(s_fail, "data/my questions.jsonl"));
        var run = json.RootElement.GetProperty("runs")[0];
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("id").GetString()).ToList();
        Assert.Equal(["refused", "exact"], rules);
        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["error", "note"], results.Select(each => each.GetProperty("level").GetString()));
        Assert.All(results, each => Assert.Contains(each.GetProperty("ruleId").GetString(), rules));
        Assert.Equal("data/my%20questions.jsonl", results[1].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal(2, results.Select(each => each.GetProperty("partialFingerprints").GetProperty("modelMigrate/v1").GetString()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(0, Results(s_pass));
        Assert.Equal(1, Results(s_part));
        Assert.Equal(1, Results(s_nothing));

        static int Results(EvaluationResult result)
        {
            using var other = JsonDocument.Parse(EvaluationSarif.Write(result, "q.jsonl"));
            return other.RootElement.GetProperty("runs")[0].GetProperty("results").GetArrayLength();
        }
    }
}
