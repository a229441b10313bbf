using System.CommandLine;
using System.Globalization;
using ModelMigrate.Commands;
using ModelMigrate.Output;
using ModelMigrate.Providers.Exchange.Rehearsing;

namespace ModelMigrate.Linting;

/// <summary><c>lint</c>: what a route's requests would meet on another model, without asking it.</summary>
internal static class LintCommand
{
    public static Command Create(Terminal terminal)
    {
        var options = new RequestOptions();
        var file = new Option<string>("--requests", "-r")
        {
            Description = "One JSON object a line: a request's body, or {\"path\": …, \"body\": …} (also \"url\", as batch files have it). - reads standard input.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "-",
        };
        return new Verb("lint", "Say which requests would fail, change or lose something on another model, and how to rewrite them. Exits 0 when none would, 1 when some would, 2 when a line cannot be read.",
            "model-migrate lint --route chat --to claude-sonnet-4-5 --requests requests.jsonl",
            "zcat requests.jsonl.gz | model-migrate lint --route chat --to claude-sonnet-4-5 --json") { SharedOptions.Config, options.Route, options.To, file, options.Protocol }
            .Runs(terminal, context => Task.Run(() => Run(context, options, context.Parsed.GetValue(file)!)));
    }

    private static ExitCode Run(CommandContext context, RequestOptions options, string file)
    {
        if (options.TryFind(context, out var found) is not ExitCode.Ok and var code)
        {
            return code;
        }

        LintReport report;
        try
        {
            using var stream = RequestOptions.Open(context, file);
            report = new LintRun(found!.Route.Id.Value, found.Others, found.Route.Model, found.Target, found.Route.Changes, found.Route.KnowsImages)
                .Read(stream, options.UsualPath(context), Progress(context, stream), context.Cancellation);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return context.Fail(ExitCode.Usage, $"Cannot read: {unreadable.Message} Name an existing file, or - for standard input.");
        }

        foreach (var problem in report.BadLines)
        {
            context.Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}:{problem.Line}: {problem.Message}"));
        }

        if (report.Lines == 0)
        {
            return context.Fail(ExitCode.Usage, $"{file} has no lines. Write one request a line; samples/prompts.jsonl has examples.");
        }

        context.WriteJson(report);
        Say(context, report);
        return report.BadLines.Count > 0 ? context.Fail(ExitCode.Usage, string.Create(CultureInfo.InvariantCulture, $"{report.BadLines.Count} of {report.Lines} lines cannot be read."))
            : report.IsClean ? ExitCode.Ok : ExitCode.Negative;
    }

    private static void Say(CommandContext context, LintReport report)
    {
        context.Say(string.Create(CultureInfo.InvariantCulture,
            $"{report.Route}: {report.Source} -> {report.Target}. {report.Requests} {(report.Requests == 1 ? "request" : "requests")}, {report.Unchanged} as they stand{(report.OtherRoutes > 0 ? $"; {report.OtherRoutes} of other routes passed over" : "")}."));
        foreach (var fate in report.Groups.GroupBy(group => group.Fate))
        {
            context.Say("");
            context.Say(Title(fate.Key));
            foreach (var group in fate)
            {
                context.Say(string.Create(CultureInfo.InvariantCulture,
                    $"  {group.Field}{Detail(group)}: {group.Requests} {(group.Requests == 1 ? "request" : "requests")}, first in line {group.Line}{Known(group, report.Source)}"));
                if (group.Example is not null)
                {
                    context.Say($"    asks  {group.Example}");
                }

                context.Say($"    mend  {group.Remedy}");
            }
        }
    }

    private static string Detail(LintGroup group) => group.Detail is null || group.Cause == FindingCause.Invalid ? ""
        : group.Fate == RequestFate.Changes && !group.Detail.Contains("->", StringComparison.Ordinal) ? $" (as {group.Detail})" : $" ({group.Detail})";

    private static string Known(LintGroup group, string source) => group.OnSourceToo == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; {(group.OnSourceToo == group.Requests ? "all" : group.OnSourceToo)} of them on {source} too");

    private static string Title(RequestFate fate) => fate switch
    {
        RequestFate.Fails => "Fails: the target cannot be asked, or would refuse",
        RequestFate.Loses => "Loses: the target would be asked without it",
        RequestFate.Changes => "Changes: the target would be asked something near to it",
    };

    /// <summary>Tells a person who watches how far it is; half a second between two words.</summary>
    private static Action<long>? Progress(CommandContext context, Stream stream)
    {
        if (!context.Terminal.Live)
        {
            return null;
        }

        var time = context.Terminal.Time;
        var said = time.GetTimestamp();
        return lines =>
        {
            if (time.GetElapsedTime(said).TotalSeconds >= 0.5)
            {
                said = time.GetTimestamp();
                var share = stream.CanSeek && stream.Length > 0 ? $"{100 * stream.Position / stream.Length} %, " : "";
                context.Terminal.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{share}{lines:N0} lines "));
            }
        };
    }
}
