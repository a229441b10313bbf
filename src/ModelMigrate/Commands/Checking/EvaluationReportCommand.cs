using System.CommandLine;
using ModelMigrate.Control.Evaluation.Reports;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Output;

namespace ModelMigrate.Commands.Checking;

/// <summary><c>evaluation-report</c>: a result file as people and CI systems read it.</summary>
internal static class EvaluationReportCommand
{
    private const string SummaryVariable = "GITHUB_STEP_SUMMARY";

    public static Command Create(Terminal terminal)
    {
        var result = new Option<FileInfo>("--result", "-r") { Description = "What evaluate or compare wrote.", HelpName = "FILE", Required = true };
        var format = new Option<string>("--format", "-f")
        {
            Description = $"md; html: one page that needs nothing else; junit; sarif; or github: annotations, and the Markdown to the file that {SummaryVariable} names.",
            HelpName = "md|html|junit|sarif|github",
            DefaultValueFactory = _ => "md",
        };
        format.AcceptOnlyFromAmong("md", "html", "junit", "sarif", "github");
        var to = new Option<FileInfo?>("--to") { Description = "The file to write. Default: standard output.", HelpName = "FILE" };
        var dataset = new Option<string?>("--dataset", "-d") { Description = "Where the data set is in the repository, for sarif and github: lost rows are marked there.", HelpName = "PATH" };
        return new Verb("evaluation-report", "Write a result as a report. Exits 0 whatever the verdict is: compare and check-regression have said that.",
            "model-migrate evaluation-report --result result.json > report.md",
            "model-migrate evaluation-report --result result.json --format junit --to gates.xml",
            "model-migrate evaluation-report --result result.json --format sarif --dataset eval/questions.jsonl --to gates.sarif") { result, format, to, dataset }
            .Runs(terminal, async context =>
            {
                if (await ResultFile.ReadAsync(context, context.Parsed.GetValue(result)!, "--result") is not { } read)
                {
                    return ExitCode.Usage;
                }

                var path = context.Parsed.GetValue(dataset)?.Replace('\\', '/');
                var chosen = context.Parsed.GetValue(format)!;
                try
                {
                    if (chosen == "github" && context.Terminal.Environment(SummaryVariable) is { } summary)
                    {
                        await File.AppendAllTextAsync(summary, EvaluationMarkdown.Write(read), context.Cancellation);
                    }

                    var text = Text(read, chosen, path);
                    if (context.Parsed.GetValue(to) is { } file)
                    {
                        await File.WriteAllTextAsync(file.FullName, text, context.Cancellation);
                    }
                    else
                    {
                        await context.Terminal.Out.WriteAsync(text);
                    }

                    return ExitCode.Ok;
                }
                catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
                {
                    return context.Fail(ExitCode.Infrastructure, $"The report cannot be written: {unwritable.Message}");
                }
            });
    }

    private static string Text(EvaluationResult result, string format, string? dataset) => format switch
    {
        "html" => EvaluationHtml.Write(result),
        "junit" => EvaluationJUnit.Write(result),
        "sarif" => EvaluationSarif.Write(result, dataset ?? result.Dataset.Name),
        "github" => EvaluationAnnotations.Write(result, dataset),
        _ => EvaluationMarkdown.Write(result),
    };
}
