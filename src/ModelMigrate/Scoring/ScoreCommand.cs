using System.CommandLine;
using System.Text;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Metrics;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Output;

namespace ModelMigrate.Scoring;

/// <summary><c>score</c>: answers in a file by one metric, a line of JSON each, and what they come to.</summary>
internal static class ScoreCommand
{
    private const string Standard = "standard-v1";
    private const string Documents = "documents-v1";

    public static Command Create(Terminal terminal)
    {
        var metric = new Option<string?>("--metric", "-m") { Description = "The metric; --list names them all.", HelpName = "ID" };
        var parameters = new Option<string[]>("--param", "-p")
        {
            Description = "A parameter of the metric; name=@file reads the value from a file. Several, or once for each.", HelpName = "NAME=VALUE", AllowMultipleArgumentsPerToken = true,
        };
        var input = new Option<string?>("--input", "-i")
        {
            Description = "One JSON object a line with 'prediction' and 'reference' or 'references', and 'id' if it has one; - reads standard input.", HelpName = "FILE",
        };
        var profile = new Option<string>("--profile") { Description = "The list that the id is of.", HelpName = $"{Standard}|{Documents}", DefaultValueFactory = _ => Standard };
        profile.AcceptOnlyFromAmong(Standard, Documents);
        var list = new Option<bool>("--list") { Description = "Print every metric with its parameters, and end." };
        return new Verb("score", "Score answers in a file by one metric: a line of JSON for each, and a summary. Exits 4 when no case has a score.",
            "model-migrate score --metric rougeL --param stem=true --input answers.jsonl",
            "model-migrate score --metric json_schema --param schema=@order.schema.json --input answers.jsonl",
            "model-migrate score --metric command --param run='python3 score.py' --input answers.jsonl",
            "model-migrate score --list") { metric, parameters, input, profile, list }
            .Runs(terminal, context =>
            {
                var chosen = context.Parsed.GetValue(profile) == Documents ? MetricProfile.Documents : MetricProfile.Standard;
                return context.Parsed.GetValue(list)
                    ? Task.FromResult(MetricList.Say(context, chosen))
                    : RunAsync(context, context.Parsed.GetValue(metric), chosen, context.Parsed.GetValue(parameters) ?? [], context.Parsed.GetValue(input));
            });
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, string? id, MetricProfile profile, IReadOnlyList<string> parameters, string? input)
    {
        var problems = new List<string>();
        if (id is null)
        {
            problems.Add("--metric is missing; write for example --metric exact. score --list names them all.");
        }

        if (input is null)
        {
            problems.Add("--input is missing; name a file with one JSON object a line, or - for standard input.");
        }

        using var programs = new CommandPool(context.Terminal.Environment("PATH"), context.Terminal.Time);
        var metric = id is null ? null : await MetricAsync(id, profile, parameters, programs, problems, context.Cancellation);
        foreach (var problem in problems)
        {
            await context.Terminal.Error.WriteLineAsync(problem);
        }

        if (problems.Count > 0 || metric is null)
        {
            return ExitCode.Usage;
        }

        try
        {
            await using var stream = input == "-" ? context.Terminal.Input() : new FileStream(input!, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            return await Task.Run(() => new ScoreRun(metric, context.Terminal).Score(stream, input!, context.Cancellation));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return context.Fail(ExitCode.Usage, $"Cannot read: {unreadable.Message} Name an existing file, or - for standard input.");
        }
    }

    private static async Task<AnswerMetric?> MetricAsync(
        string id, MetricProfile profile, IReadOnlyList<string> parameters, CommandPool programs, List<string> problems, CancellationToken cancellation)
    {
        var isCommand = id == CommandMetric.Id && profile == MetricProfile.Standard;
        if (MetricTable.Find(id, profile) is null && !isCommand)
        {
            var other = profile == MetricProfile.Standard ? MetricProfile.Documents : MetricProfile.Standard;
            problems.Add(MetricTable.Find(id, other) is not null
                ? $"{id} is of the other profile; write --profile {(other == MetricProfile.Documents ? Documents : Standard)} too."
                : NearestName.Of(id, MetricTable.Of(profile).Select(known => known.Id).Append(CommandMetric.Id)) is { } near
                    ? $"There is no metric {id}. Did you mean {near}? score --list names them all."
                    : $"There is no metric {id}. score --list names them all.");
            return null;
        }

        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in parameters)
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                problems.Add($"--param {parameter} has no value; write --param name=value.");
            }
            else if (await ValueAsync(parameter[(equals + 1)..], problems, cancellation) is { } value && !given.TryAdd(parameter[..equals], value))
            {
                problems.Add($"--param {parameter[..equals]} stands twice; keep one.");
            }
        }

        if (problems.Count > 0)
        {
            return null;
        }

        var definition = isCommand ? CommandMetric.Row(programs, given) : MetricTable.Find(id, profile)!;
        var metric = MetricTable.TryCreate(definition, given, out var wrong);
        problems.AddRange(wrong);
        return metric;
    }

    private static async Task<string?> ValueAsync(string text, List<string> problems, CancellationToken cancellation)
    {
        if (!text.StartsWith('@'))
        {
            return text;
        }

        try
        {
            return await File.ReadAllTextAsync(text[1..], Encoding.UTF8, cancellation);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add($"Cannot read: {unreadable.Message} After @ name an existing file.");
            return null;
        }
    }
}
