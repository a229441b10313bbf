using System.IO.Compression;
using System.Text.Json;
using ModelMigrate.Commands;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.App.Recorded;

/// <summary>The verb <c>judge</c> over observation files, and the samples that the guide names.</summary>
public sealed class JudgeCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("judge-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("healthy", "promote", null, 0)]
    [InlineData("errors", "rollback", "errors", 1)]
    [InlineData("slow", "rollback", "latency_p90", 1)]
    [InlineData("one-key", "undecided", "errors", 4)]
    [InlineData("no-data", "no_data", "errors", 4)]
    public async Task Judge_Sample_AsTheGuideSays(string name, string verdict, string? gate, int code)
    {
        var run = await CliRun.OfAsync($"judge --observations {Sample(name)} --gates {Path.Combine(Source.Root, "samples/judge/gates.yaml")} --json");
        Assert.Equal((code, ""), (run.Code, run.Error));
        var result = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal((name, verdict, gate), (Text(result, "run"), Text(result, "verdict"), Text(result, "gate")));
        // The counts are those of the file's lines until then.
        var target = (await File.ReadAllLinesAsync(Sample(name))).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => Text(line, "arm") == "target" && line.GetProperty("at").GetDouble() <= result.GetProperty("at").GetDouble()).ToList();
        Assert.Equal(target.Count, result.GetProperty("target_requests").GetInt32());
        Assert.InRange(
            result.GetProperty("target_bad").GetInt32(), target.Count(line => Text(line, "outcome") == "error") - 3, target.Count(line => Text(line, "outcome") == "error"));
        Assert.True(result.GetProperty("evidence").GetProperty("gates").GetArrayLength() == 2);
    }

    [Fact]
    public async Task Judge_RunsInterleavedOrApart_SameResults()
    {
        var files = new[] { "healthy", "errors", "slow", "one-key", "no-data" };
        var apart = new List<string>();
        var lines = new List<(double At, int File, string Line)>();
        foreach (var (name, i) in files.Select((name, i) => (name, i)))
        {
            apart.Add((await CliRun.OfAsync($"judge -o {Sample(name)} --json")).Out);
            lines.AddRange((await File.ReadAllLinesAsync(Sample(name))).Select(line => (JsonDocument.Parse(line).RootElement.GetProperty("at").GetDouble(), i, line)));
        }

        var file = await WriteAsync([.. lines.OrderBy(line => line.At).ThenBy(line => line.File).Select(line => line.Line)]);
        var together = await CliRun.OfAsync($"judge -o {file} --json");
        Assert.Equal(1, together.Code);
        Assert.Equal(
            apart.SelectMany(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Order(StringComparer.Ordinal),
            together.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Judge_APersonWatches_SaysHowFarItIsEveryHalfSecond()
    {
        // A look at the clock every 65,536 lines, each 0.3 s later.
        var line = """{"run":"r1","at":1,"arm":"source","key":"u","outcome":"ok"}""";
        var file = await WriteAsync([.. Enumerable.Repeat(line, 400_000)]);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, live: true, static _ => null, new SteppingClock(TimeSpan.FromSeconds(0.3)));
        await CommandLine.RunAsync(["judge", "-o", file, "--json"], terminal, CancellationToken.None);
        var words = error.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["131,072 lines ", "262,144 lines ", "393,216 lines "], words.Select(word => word[(word.IndexOf(',', StringComparison.Ordinal) + 2)..]));
        Assert.All(words, word => Assert.Matches("^[0-9]{2} %, ", word));
    }

    [Fact]
    public async Task Judge_BadLines_AllListedWithTheirNumbersNothingJudged()
    {
        var lines = (await File.ReadAllLinesAsync(Sample("healthy"))).ToList();
        lines.Insert(1, "");
        lines.Insert(5, "{}");
        lines[300] = "nonsense";
        var file = await WriteAsync(lines);
        var run = await CliRun.OfAsync($"judge -o {file} --json");
        Assert.Equal((2, ""), (run.Code, run.Out));
        var said = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, said.Length);
        Assert.StartsWith($"{file}:6: run is missing", said[0], StringComparison.Ordinal);
        Assert.StartsWith($"{file}:301: it is not JSON", said[1], StringComparison.Ordinal);
        Assert.StartsWith("2 of 702 lines cannot be judged", said[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Judge_UnknownField_WarnsOnceAndJudges()
    {
        var file = await WriteAsync((await File.ReadAllLinesAsync(Sample("errors"))).Select(line => line.Replace("latency_ms", "latency-ms", StringComparison.Ordinal)));
        var run = await CliRun.OfAsync($"judge -o {file} --json");
        Assert.Equal($"{file}: warning: field 'latency-ms' of 300 lines is passed over; did you mean latency_ms?\n", run.Error);
        // Without latencies the latency gates have nothing to compare, but errors still tell.
        Assert.Equal(1, run.Code);
    }

    [Fact]
    public async Task Judge_NoLatencies_LatencyGateHasNoData()
    {
        var file = await WriteAsync((await File.ReadAllLinesAsync(Sample("healthy"))).Select(line => line[..line.IndexOf(",\"latency_ms", StringComparison.Ordinal)] + "}"));
        var run = await CliRun.OfAsync($"judge -o {file} --gates {Path.Combine(Source.Root, "samples/judge/gates.yaml")} --json");
        var result = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal((4, "no_data", "latency_p90"), (run.Code, Text(result, "verdict"), Text(result, "gate")));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("stdin")]
    public async Task Judge_GzipOrStandardInput_SameAsTheFile(string how)
    {
        var plain = await CliRun.OfAsync($"judge -o {Sample("errors")} --json");
        var bytes = await File.ReadAllBytesAsync(Sample("errors"));
        using var packed = new MemoryStream();
        await using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await zip.WriteAsync(bytes);
        }

        using var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null, live: false, static _ => null, TimeProvider.System)
        {
            Input = () => new MemoryStream(how == "gzip" ? packed.ToArray() : bytes),
        };
        Assert.Equal(1, await CommandLine.RunAsync(["judge", "-o", "-", "--json"], terminal, CancellationToken.None));
        Assert.Equal(plain.Out, output.ToString());
    }

    [Theory]
    [InlineData("--schedule 5%", "--schedule: '5%' is not a share and a time. Write for example 5%:10m,25%:10m,50%:10m.")]
    [InlineData("--schedule 25%:10m,5%:10m", "--schedule: '5%:10m' is not above the step before it. Write the steps in growing order.")]
    [InlineData("--schedule 100%:10m", "--schedule: '100%:10m' is not a share and a time. Write for example 5%:10m,25%:10m,50%:10m.")]
    [InlineData("--alpha 2", "--alpha is a probability between 0 and 1, for example 0.05.")]
    public async Task Judge_WrongOption_SaysWhatToWrite(string option, string message)
    {
        var run = await CliRun.OfAsync($"judge -o {Sample("errors")} {option}");
        Assert.Equal(2, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Judge_Schedule_PromotesOnlyOnceItIsOver()
    {
        var gates = Path.Combine(Source.Root, "samples/judge/gates.yaml");
        var early = JsonDocument.Parse((await CliRun.OfAsync($"judge -o {Sample("healthy")} --gates {gates} --json")).Out).RootElement;
        var late = JsonDocument.Parse((await CliRun.OfAsync($"judge -o {Sample("healthy")} --gates {gates} --schedule 50%:5m --json")).Out).RootElement;
        Assert.InRange(early.GetProperty("at").GetDouble(), 1, 299);
        Assert.Equal(300, late.GetProperty("at").GetDouble());
    }

    private static string Sample(string name) => Path.Combine(Source.Root, $"samples/judge/{name}.jsonl");

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private async Task<string> WriteAsync(IEnumerable<string> lines)
    {
        var file = Path.Combine(_directory, "observations.jsonl");
        await File.WriteAllLinesAsync(file, lines);
        return file;
    }

    /// <summary>A clock that is later each time it is looked at.</summary>
    private sealed class SteppingClock(TimeSpan step) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += step.Ticks;
    }
}
