using System.Text.Json;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Output;
using ModelMigrate.Tests.Control;

namespace ModelMigrate.Tests.App.Commands;

public sealed class ForecastCommandTests
{
    private const string Sample = "samples/first-migration/model-migrate.yaml";

    /// <summary>Each line of the table: what is written, and every sentence that must answer it.</summary>
    [Theory]
    [InlineData("", "--rate is missing")]
    [InlineData("--rate many", "--rate: 'many' is not a number from 0.0001 to 1,000,000, for example 10.")]
    [InlineData("--rate 0", "--rate: '0' is not")]
    [InlineData("--rate 10 --error-rate 80%", "--error-rate: '80%' is not a share from 0 to 50%, for example 0.5%.")]
    [InlineData("--rate 10 --latency-p50 fast", "--latency-p50: 'fast' is not a time above 0 and up to 1h, for example 800ms.")]
    [InlineData("--rate 10 --latency-p95 2s", "write both, or --latency-sigma alone")]
    [InlineData("--rate 10 --latency-p50 2s --latency-p95 1s", "--latency-p95 is not above --latency-p50")]
    [InlineData("--rate 10 --latency-p50 1s --latency-p95 2s --latency-sigma 1", "write both, or --latency-sigma alone")]
    [InlineData("--rate 10 --latency-sigma 0", "--latency-sigma: '0' is not a number from 0.01 to 5, for example 0.7.")]
    [InlineData("--rate 10 --quality 2 --quality-spread 9 --quality-share x", "--quality: '2'", "--quality-spread: '9'", "--quality-share: 'x'")]
    [InlineData("--rate 10 --steps 5%", "--steps: '5%' is not weight:hold or weight:hold:marginFactor, for example 5%:10m,25%:10m,50%:10m.")]
    [InlineData("--rate 10 --steps 50%:10m,5%:10m", "--steps: '5%:10m' is not above the step before it; write the steps in growing order.")]
    [InlineData("--rate 10 --steps 5%:10m,50%:10m:2", "is not a last step at the final margin; leave its factor out")]
    [InlineData("--rate 10 --margin speed=1", "--margin: 'speed=1' is not name=margin of one of errors, latency_p50, latency_p90, latency, for example errors=1pp.")]
    [InlineData("--rate 10 --margin errors=2 --margin latency_p50=0.9", "errors=1pp", "latency_p50=1.5")]
    [InlineData("--rate 10 --alpha 90% --max-hold forever", "--alpha: '90%'", "--max-hold: 'forever' is not a time above 0 and up to 90d, for example 7d.")]
    [InlineData("--rate 10 --seed -1 --repetitions 1e3", "--seed: '-1'", "--repetitions: '1e3'")]
    [InlineData("--route chat --migration-id MIG-1", "--route: the migration of the file says which route it is; leave --route out")]
    [InlineData("--rate 10 --server http://127.0.0.1:1", "--server: say what to read from it")]
    [InlineData("--rate x --error-rate y --days z", "--rate: 'x'", "--error-rate: 'y'", "--days: 'z'")]
    [InlineData("--rate 10 --config /nonexistent/model-migrate.yaml", "Cannot read /nonexistent/model-migrate.yaml")]
    public async Task Options_Wrong_AllSaidAtOnceWithRemedy(string options, params string[] sentences)
    {
        var run = await CliRun.OfAsync($"forecast {options}");
        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.All(sentences, sentence => Assert.Contains(sentence, run.Error, StringComparison.Ordinal));
        Assert.Equal("", run.Out);
    }

    [Fact]
    public async Task Migration_NotInTheFile_NamesThoseThatAre()
    {
        var run = await CliRun.OfAsync($"forecast --rate 10 --migration-id MIG-9 --config {Architecture.Source.Root}/{Sample}");
        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.Contains("--migration-id: 'MIG-9' is not in model-migrate.yaml. Write one of MIG-first.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_ByFormula_IsTheGuides()
    {
        var guide = Architecture.Source.Text("docs/guide/forecast.md");
        var (command, shown) = (guide.Split("$ model-migrate ")[1].Split('\n')[0], guide.Split("$ model-migrate ")[1].Split("```")[0].Split('\n', 2)[1]);
        var run = await CliRun.OfAsync(command);
        Assert.Equal("", run.Error);
        Assert.Equal(shown, run.Out);
        Assert.Equal(0, run.Code);
    }

    [Fact]
    public async Task Guide_EveryOption_IsExplained()
    {
        var guide = Architecture.Source.Text("docs/guide/forecast.md");
        var help = (await CliRun.OfAsync("forecast --help")).Out;
        var options = help.Split('\n').Select(line => line.Trim().TrimEnd(',').Split(' ', ',')).SelectMany(words => words.Where(word => word.StartsWith("--", StringComparison.Ordinal)).Take(1)).ToList();
        Assert.Contains("--repetitions", options);
        Assert.All(options.Except(["--help", "--json"], StringComparer.Ordinal), option => Assert.Contains(option, guide, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_OfAMigrationInAFile_CarriesItsStepsAndAnswers()
    {
        var run = await CliRun.OfAsync($"forecast --json --rate 50 --repetitions 3 --config {Architecture.Source.Root}/{Sample}");
        Assert.Equal(0, run.Code);
        using var json = JsonDocument.Parse(run.Out);
        var root = json.RootElement;
        Assert.Equal("MIG-first", root.GetProperty("migration").GetString());
        Assert.Equal("simulated", root.GetProperty("healthy").GetProperty("method").GetString());
        Assert.Equal(3, root.GetProperty("healthy").GetProperty("repetitions").GetInt32());
        Assert.Equal(10, root.GetProperty("sick").GetArrayLength());
        Assert.True(root.GetProperty("healthy").GetProperty("median").GetProperty("exposed").GetInt64() > 0);
        Assert.Contains("A healthy target is promoted after", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forecast_TooLittleTraffic_ExitsFourAndSaysSo()
    {
        var run = await CliRun.OfAsync("forecast --rate 0.01 --max-hold 2h");
        Assert.Equal((int)ExitCode.Undecided, run.Code);
        Assert.Contains("A healthy target is not promoted more often than not.\nIt would pause undecided", run.Out.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("none can be answered", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_ThatMeasured_ItsRateAndErrorsAreTaken()
    {
        await using var server = await ControlServer.OfAsync(ControlBench.Config());
        var url = $"--server {server.Url}";
        var nothing = await CliRun.OfAsync($"forecast --route chat {url}");
        Assert.Equal((int)ExitCode.Usage, nothing.Code);
        Assert.Contains("Nothing was measured on route chat in the last 7 days", nothing.Error, StringComparison.Ordinal);

        server.Bench.SourceErrors = 0.02;
        await server.Bench.ActAsync(RolloutVerb.Start);
        await server.Bench.RunAsync(TimeSpan.FromSeconds(8));
        var run = await CliRun.OfAsync($"forecast --route chat {url} --repetitions 0 --json");
        using var json = JsonDocument.Parse(run.Out);
        var traffic = json.RootElement.GetProperty("traffic");
        Assert.InRange(traffic.GetProperty("rate").GetDouble(), 150, 220);
        Assert.InRange(traffic.GetProperty("error_rate").GetDouble(), 0.005, 0.06);
        Assert.Contains("requests that MIG-test measured over", traffic.GetProperty("label").GetString(), StringComparison.Ordinal);

        var other = await CliRun.OfAsync($"forecast --route chat {url} --repetitions 0 --json --rate 3");
        using var given = JsonDocument.Parse(other.Out);
        Assert.Equal(3, given.RootElement.GetProperty("traffic").GetProperty("rate").GetDouble());
    }
}
