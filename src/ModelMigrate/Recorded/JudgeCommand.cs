using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text.Json;
using ModelMigrate.Commands;
using ModelMigrate.Control.Replaying;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;
using ModelMigrate.Output;
using Spectre.Console;
using ModelMigrate.Recorded.Reading;

namespace ModelMigrate.Recorded;

/// <summary><c>judge</c>: recorded requests through the judge and the decider that run live; or an export, whose decisions it makes again.</summary>
internal static class JudgeCommand
{
    private const int ShownRuns = 40;

    /// <summary>As many bytes tell what a file is.</summary>
    private const int Beginning = 4096;

    public static Command Create(Terminal terminal)
    {
        var file = new Option<string>("--observations", "-o")
        {
            Description = "One JSON object a line, one line a request; or what 'migrations export' wrote. gzip is known by its content; - reads standard input.",
            HelpName = "FILE",
            Required = true,
        };
        var gates = new Option<FileInfo?>("--gates") { Description = "The 'gates:' list of a migration. Default: errors and latency.", HelpName = "FILE" };
        var schedule = new Option<string?>("--schedule")
        {
            Description = "The ramp that was recorded, for example 5%:10m,25%:10m,50%:10m. Default: the shares that were realised.", HelpName = "STEPS",
        };
        var alpha = new Option<double?>("--alpha") { Description = "Bound on a false rollback over a whole run. Default: 0.05.", HelpName = "A" };
        alpha.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<double?>() is not (> 0 and < 1))
            {
                result.AddError("--alpha is a probability between 0 and 1, for example 0.05.");
            }
        });
        return new Verb("judge", "Judge recorded requests as live ones would be. Exits 0 when every run promotes, 1 when one rolls back, else 4.",
            "model-migrate judge --observations samples/judge/errors.jsonl",
            "model-migrate judge --observations requests.jsonl --gates gates.yaml --schedule 5%:10m,25%:10m,50%:10m --json",
            "model-migrate judge --observations export.jsonl") { file, gates, schedule, alpha }
            .Runs(terminal, context => Task.Run(() => RunAsync(
                context, context.Parsed.GetValue(file)!, context.Parsed.GetValue(gates), context.Parsed.GetValue(schedule), context.Parsed.GetValue(alpha))));
    }

    /// <summary>What a recorded run is judged by.</summary>
    public static RolloutSpec Spec(IReadOnlyList<GateSpec> gates, Schedule? schedule, double? alpha) => new()
    {
        Id = new MigrationId("recorded"),
        Route = new RouteId("recorded"),
        Source = new ModelId("source"),
        Target = new ModelId("target"),
        Fingerprint = "",
        Seed = 0,
        Gates = gates,
        Alpha = alpha ?? 0.05,
        // A recording has no patience to lose.
        MaxHold = TimeSpan.FromDays(36_500),
        // Without a schedule nothing is waited for but the evidence.
        Steps = schedule?.Steps ?? [new RolloutStep { WeightPpm = 500_000, Hold = TimeSpan.Zero }],
    };

    private static async Task<ExitCode> RunAsync(CommandContext context, string file, FileInfo? gatesFile, string? scheduleText, double? alpha)
    {
        IReadOnlyList<GateSpec>? gates = GateDefaults.Chat;
        var wrong = "";
        var schedule = scheduleText is null ? null : Schedule.TryParse(scheduleText, out wrong);
        if (wrong.Length > 0)
        {
            return context.Fail(ExitCode.Usage, wrong);
        }

        try
        {
            if (gatesFile is not null)
            {
                (gates, var problems) = GatesReader.Read(await File.ReadAllBytesAsync(gatesFile.FullName), gatesFile.Name, context.Terminal.Environment);
                foreach (var problem in problems)
                {
                    await context.Terminal.Error.WriteLineAsync(problem.ToString());
                }
            }

            if (gates is null)
            {
                return ExitCode.Usage;
            }

            await using var raw = file == "-" ? context.Terminal.Input() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            var (reader, beginning) = await PeekAsync(raw);
            if (beginning is [0x1F, 0x8B, ..])
            {
                (reader, beginning) = await PeekAsync(new GZipStream(reader.AsStream(), CompressionMode.Decompress));
            }

            await using var stream = reader.AsStream();
            if (MigrationExport.Is(beginning))
            {
                return ExportOutput.Compare(context, file, stream);
            }

            var observations = new ObservationFile(Spec(gates, schedule, alpha), schedule);
            var results = observations.Results(stream, Progress(context, raw), context.Cancellation);
            return Say(context, file, observations, results);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return context.Fail(ExitCode.Usage, $"Cannot read: {unreadable.Message} Name an existing file, or - for standard input.");
        }
    }

    /// <summary>What a stream begins with, and a reader that begins there too, also where nobody can seek. The reader owns the stream.</summary>
    private static async Task<(PipeReader Reader, byte[] Beginning)> PeekAsync(Stream stream)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1 << 18));
        var read = await reader.ReadAtLeastAsync(Beginning);
        var beginning = read.Buffer.Slice(0, Math.Min(Beginning, read.Buffer.Length)).ToArray();
        reader.AdvanceTo(read.Buffer.Start);
        return (reader, beginning);
    }

    private static ExitCode Say(CommandContext context, string file, ObservationFile observations, IReadOnlyList<RunResult> results)
    {
        var error = context.Terminal.Error;
        foreach (var problem in observations.Problems)
        {
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}:{problem.Line}: {problem.Message}"));
        }

        foreach (var (name, count) in observations.Unknown)
        {
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: warning: field '{name}' of {count} lines is passed over; {LineParser.Nearest(name)}"));
        }

        if (observations.Problems.Count > 0)
        {
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{observations.Problems.Count} of {observations.Lines} lines cannot be judged, so nothing was."));
            return ExitCode.Usage;
        }

        if (results.Count == 0)
        {
            return context.Fail(ExitCode.Usage, $"{file} has no lines. Write one JSON object a line; samples/judge has examples.");
        }

        if (context.Json)
        {
            foreach (var result in results)
            {
                context.Terminal.Out.WriteLine(JsonSerializer.Serialize(result, Terminal.CompactJson));
            }
        }
        else
        {
            context.Say(Table(results));
        }

        return results.Any(result => result.Verdict == RunVerdict.Rollback) ? ExitCode.Negative
            : results.All(result => result.Verdict == RunVerdict.Promote) ? ExitCode.Ok
            : ExitCode.Undecided;
    }

    private static Table Table(IReadOnlyList<RunResult> results)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("run", "verdict", "at", "gate", "source", "target", "why");
        foreach (var result in results.Take(ShownRuns))
        {
            table.AddRow(
                Markup.Escape(result.Run), Word(result.Verdict), string.Create(CultureInfo.InvariantCulture, $"{result.At:0.##} s"), Markup.Escape(result.Gate ?? "-"),
                Count(result.SourceBad, result.SourceRequests), Count(result.TargetBad, result.TargetRequests), Markup.Escape(result.Reason));
        }

        var counts = results.GroupBy(result => result.Verdict).OrderBy(group => group.Key).Select(group => $"{group.Count()} {Word(group.Key)}");
        return table.Caption($"{results.Count} {(results.Count == 1 ? "run" : "runs")}: {string.Join(", ", counts)}{(results.Count > ShownRuns ? $"; {ShownRuns} shown, --json writes all" : "")}");
    }

    private static string Word(RunVerdict verdict) => verdict switch
    {
        RunVerdict.Promote => "promote",
        RunVerdict.Rollback => "rollback",
        RunVerdict.Undecided => "undecided",
        RunVerdict.NoData => "no data",
    };

    private static string Count(long bad, long requests) => string.Create(CultureInfo.InvariantCulture, $"{bad} bad of {requests}");

    /// <summary>Tells a person who watches how far it is; half a second between two words.</summary>
    private static Action<long, long>? Progress(CommandContext context, Stream raw)
    {
        if (!context.Terminal.Live)
        {
            return null;
        }

        var time = context.Terminal.Time;
        var said = time.GetTimestamp();
        return (_, lines) =>
        {
            if (time.GetElapsedTime(said).TotalSeconds >= 0.5)
            {
                said = time.GetTimestamp();
                var share = raw.CanSeek && raw.Length > 0 ? $"{100 * raw.Position / raw.Length} %, " : "";
                context.Terminal.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{share}{lines:N0} lines "));
            }
        };
    }
}
