using System.Text;
using System.Text.Json;
using ModelMigrate.Commands;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;

namespace ModelMigrate.Tests.App.Scoring;

public sealed class ScoreCommandTests
{
    private const string Dogs = """
        {"id":"a","prediction":"The dog bit the man.","references":["The dog bit the man.","The dog had bit the man."]}
        {"id":2,"prediction":"It wasn't surprising.","references":["It was not unexpected.","No one was surprised."]}

        {"prediction":"The man had just bitten him.","references":["The man bit him first.","The man had bitten the dog."]}

        """;

    [Fact]
    public async Task Score_OfACorpusMetric_PrintsALineEachAndTheCorpusValue()
    {
        var run = await ScoreAsync(Dogs, "--metric", "bleu");
        Assert.Equal((0, ""), (run.Code, run.Error));
        var lines = Lines(run.Out);
        Assert.Equal("a", lines[0].GetProperty("id").GetString());
        Assert.Equal(1, lines[0].GetProperty("score").GetDouble(), 12);
        Assert.Equal(2, lines[1].GetProperty("id").GetInt32());
        // Blank lines are counted, so that an editor finds the line.
        Assert.Equal(4, lines[2].GetProperty("line").GetInt32());
        var summary = lines[3].GetProperty("summary");
        Assert.Equal(0.48530827, summary.GetProperty("corpus").GetDouble(), 8);
        Assert.Equal(48.530827, summary.GetProperty("corpus_x100").GetDouble(), 6);
        Assert.Equal((3, 3, 0), (summary.GetProperty("cases").GetInt32(), summary.GetProperty("scored").GetInt32(), summary.GetProperty("missing").GetInt32()));
        Assert.StartsWith("bleu|tokenize:13a", summary.GetProperty("signature").GetString(), StringComparison.Ordinal);
        Assert.Equal(4, lines.Count);
    }

    [Fact]
    public async Task Score_OfYesAndNo_HasWilsonsIntervalAndLeavesErrorsOut()
    {
        var text = string.Concat(Enumerable.Range(0, 6).Select(i => $$"""{"prediction":"x","reference":"x"}{{'\n'}}"""))
            + """{"id":"broken","prediction":null,"reference":"x"}""" + "\n" + """{"id":"failed","error":"status 503","reference":"x"}""";
        var run = await ScoreAsync(text, "--metric", "exact");
        var lines = Lines(run.Out);
        Assert.Equal(JsonValueKind.Null, lines[6].GetProperty("score").ValueKind);
        Assert.Equal("The answer is an error: status 503", lines[7].GetProperty("missing").GetString());
        var summary = lines[8].GetProperty("summary");
        Assert.Equal((6, 2, 1.0), (summary.GetProperty("scored").GetInt32(), summary.GetProperty("missing").GetInt32(), summary.GetProperty("mean").GetDouble()));
        Assert.Equal(0.6097, summary.GetProperty("low95").GetDouble(), 4);
        Assert.Equal(1, summary.GetProperty("high95").GetDouble());
        Assert.Equal(JsonValueKind.Null, summary.GetProperty("corpus").ValueKind);
    }

    [Fact]
    public async Task Score_OfAFewHighScores_HasAnIntervalWithinTheMetricsRange()
    {
        var run = await ScoreAsync(
            """
            {"prediction":"a b c d","reference":"a b c d"}
            {"prediction":"a b c d","reference":"a b c"}
            """, "--metric", "f1_squad");
        var summary = Lines(run.Out)[^1].GetProperty("summary");

        // Two scores, whose Student's t with one degree of freedom is 12.7.
        Assert.Equal((0, 1), (summary.GetProperty("low95").GetDouble(), summary.GetProperty("high95").GetDouble()));
        Assert.True(summary.GetProperty("mean").GetDouble() > 0.8);
    }

    [Fact]
    public async Task Score_OfBadLines_NamesThemAllAndNothingElse()
    {
        var run = await ScoreAsync(
            """
            {"prediction":"a","reference":"a"}
            {"predicton":"a","reference":"b"}
            nope
            {"prediction":"a","prediction":"b","references":3}
            [1]
            {"prediction":"a"}
            {"id":[],"prediction":"a","reference":"b"}
            {"prediction":"\ud800","reference":"b"}
            {"prediction":"a","reference":"b","references":["c"]}
            """, "--metric", "exact");
        Assert.Equal(2, run.Code);
        Assert.Equal("{\"line\":1,\"score\":1}\n", run.Out);
        Assert.Equal(
            """
            -:2: prediction is missing; write "prediction":"Paris". Is it predicton?
            -:3: it is not JSON from its byte 2 on; write one whole JSON object a line.
            -:4: prediction stands twice; keep one. references is no array; write "references":["one","another"], or "reference":"one". reference is missing; write "reference":"Paris" or "references":["Paris","Paris, France"].
            -:5: it is not a JSON object; write one object a line, beginning with {"prediction":.
            -:6: reference is missing; write "reference":"Paris" or "references":["Paris","Paris, France"].
            -:7: id is neither text nor a number; write "id":"q17", or leave it out.
            -:8: a text in it is not Unicode: bytes that are no UTF-8, or half of a surrogate pair; write it whole.
            -:9: reference and references both stand there; keep one.
            8 of 9 lines cannot be scored, so there is no summary.

            """, run.Error);
    }

    [Theory]
    [InlineData("score --metric blue --input x", "There is no metric blue. Did you mean bleu?")]
    [InlineData("score --metric rouge_l --input x", "rouge_l is of the other profile; write --profile documents-v1 too.")]
    [InlineData("score --metric nothing-like-it --input x", "score --list names them all.")]
    [InlineData("score --input x", "--metric is missing;")]
    [InlineData("score --metric exact", "--input is missing;")]
    [InlineData("score --metric bleu --param order --input x", "--param order has no value; write --param name=value.")]
    [InlineData("score --metric bleu --param order=0 --input x", "order=0 is not a whole number from 1 to 9;")]
    [InlineData("score --metric bleu --param order=1 order=2 --input x", "--param order stands twice; keep one.")]
    [InlineData("score --metric json_schema --param schema=@/no/such/file --input x", "After @ name an existing file.")]
    [InlineData("score --metric exact --input /no/such/file", "Name an existing file, or - for standard input.")]
    public async Task Score_OfAWrongCommandLine_SaysWhatToWrite(string line, string message)
    {
        var run = await CliRun.OfAsync(line);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_OfNothing_IsNeverGreen()
    {
        Assert.Equal(2, (await ScoreAsync("\n\n", "--metric", "exact")).Code);
        var unanswered = await ScoreAsync("""{"prediction":null,"reference":"x"}""", "--metric", "exact");
        Assert.Equal(4, unanswered.Code);
        Assert.Equal(JsonValueKind.Null, Lines(unanswered.Out)[^1].GetProperty("summary").GetProperty("mean").ValueKind);
    }

    [Fact]
    public async Task Score_OfParameters_TakesThemFromFilesToo()
    {
        var schema = Path.GetTempFileName();
        await File.WriteAllTextAsync(schema, """{"type":"object","required":["n"]}""");
        var run = await ScoreAsync("""{"prediction":{"n":1}}""" + "\n" + """{"prediction":"{}"}""", "--metric", "json_schema", "--param", $"schema=@{schema}", "draft=7");
        File.Delete(schema);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal([1.0, 0.0], Lines(run.Out).Take(2).Select(line => line.GetProperty("score").GetDouble()));
    }

    [Fact]
    public async Task Score_OfTheDocumentsProfile_IsTheirArithmetic()
    {
        var run = await ScoreAsync("""{"prediction":"a b c","reference":"a"}""", "--metric", "response_length_ratio", "--profile", "documents-v1");
        Assert.Equal(-1, Lines(run.Out)[0].GetProperty("score").GetDouble());
        Assert.Contains("profile:documents-v1", Lines(run.Out)[1].GetProperty("summary").GetProperty("signature").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OfMetrics_NamesEachWithItsParameters()
    {
        var run = await CliRun.OfAsync("score --list");
        Assert.Equal(0, run.Code);
        foreach (var metric in MetricTable.Of(MetricProfile.Standard))
        {
            Assert.Contains($"{metric.Id}  ", run.Out, StringComparison.Ordinal);
            Assert.All(metric.Parameters, parameter => Assert.Contains($"    {parameter.Name}=", run.Out, StringComparison.Ordinal));
        }

        using var json = JsonDocument.Parse((await CliRun.OfAsync("score --list --json")).Out);
        Assert.Equal(MetricTable.Of(MetricProfile.Standard).Select(metric => metric.Id).Append("command"), json.RootElement.EnumerateArray().Select(metric => metric.GetProperty("id").GetString()));
        Assert.Contains("rouge_l", (await CliRun.OfAsync("score --list --profile documents-v1")).Out, StringComparison.Ordinal);
    }

    /// <summary>Lines are scored together and written in their order; what is written does not depend on how many there are at once.</summary>
    [Fact]
    public async Task Score_OfManyLines_KeepsTheirOrder()
    {
        var text = string.Concat(Enumerable.Range(0, 3000).Select(i => $$"""{"id":{{i}},"prediction":"{{new string('x', i % 50)}}","reference":""}{{'\n'}}"""));
        var lines = Lines((await ScoreAsync(text, "--metric", "levenshtein")).Out);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => (i, i % 50.0)), lines.SkipLast(1).Select(line => (line.GetProperty("id").GetInt32(), line.GetProperty("score").GetDouble())));
    }

    private static List<JsonElement> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.Clone();
    })];

    private static async Task<CliRun> ScoreAsync(string input, params string[] options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, live: false, _ => null, TimeProvider.System) { Input = () => new MemoryStream(Encoding.UTF8.GetBytes(input)) };
        var code = await CommandLine.RunAsync(["score", .. options, "--input", "-"], terminal, CancellationToken.None);
        return new CliRun(code, output.ToString(), error.ToString());
    }
}
