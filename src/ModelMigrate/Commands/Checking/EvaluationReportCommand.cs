using System.CommandLine;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Promptfoo.Exporting;
using ModelMigrate.Control.Evaluation.Reports;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Output;

namespace ModelMigrate.Commands.Checking;

/// <summary><c>evaluation-report</c>: a result file as people and CI systems read it.</summary>
internal static class EvaluationReportCommand
{
    private const string SummaryVariable = "GITHUB_STEP_SUMMARY";
    private const string Promptfoo = "promptfoo";

    public static Command Create(Terminal terminal)
    {
        var result = new Option<FileInfo>("--result", "-r") { Description = "What evaluate or compare wrote.", HelpName = "FILE", Required = true };
        var format = new Option<string>("--format", "-f")
        {
            Description = $"md; html: one page that needs nothing else; junit; sarif; or github: annotations, and the Markdown to the file that {SummaryVariable} names; or promptfoo: every row, as promptfoo's results file.",
            HelpName = "md|html|junit|sarif|github|promptfoo",
            DefaultValueFactory = _ => "md",
        };
        format.AcceptOnlyFromAmong("md", "html", "junit", "sarif", "github", Promptfoo);
        var to = new Option<FileInfo?>("--to", "-o") { Description = "The file to write. Default: standard output.", HelpName = "FILE" };
        var dataset = new Option<string?>("--dataset", "-d") { Description = "Where the data set is in the repository, for sarif and github: lost rows are marked there. For promptfoo: where it is, for the prompts.", HelpName = "PATH" };
        return new Verb("evaluation-report", "Write a result as a report. Exits 0 whatever the verdict is: compare and check-regression have said that.",
            "model-migrate evaluation-report --result result.json > report.md",
            "model-migrate evaluation-report --result result.json --format junit --to gates.xml",
            "model-migrate evaluation-report --result result.json --format sarif --dataset eval/questions.jsonl --to gates.sarif",
            "model-migrate evaluation-report --result out/result.json --format promptfoo --dataset questions.jsonl --to results.json") { result, format, to, dataset }
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
                    if (chosen == Promptfoo)
                    {
                        return await ExportAsync(context, read, context.Parsed.GetValue(result)!, context.Parsed.GetValue(dataset), context.Parsed.GetValue(to));
                    }

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

    private static async Task<ExitCode> ExportAsync(CommandContext context, EvaluationResult result, FileInfo file, string? path, FileInfo? to)
    {
        var dataset = path is null ? null : new Dataset(path, ColumnMap.None, RowFilter.All);
        if (dataset is not null)
        {
            var wrong = new DatasetProblems();
            if (await dataset.SummarizeAsync(wrong, context.Cancellation) is not { } summary)
            {
                return context.Fail(ExitCode.Usage, wrong.Kept[0].ToString());
            }

            if (summary.Hash != result.Dataset.Hash)
            {
                return context.Fail(ExitCode.Usage, $"--dataset: the rows of {path} are not those that were compared: the file changed, or its columns were mapped or filtered then. Leave --dataset out; the prompts are then not written.");
            }
        }

        using var rows = ComparisonRows.TryOpen(result, file.DirectoryName!, dataset, out var problem);
        if (rows is null)
        {
            return context.Fail(ExitCode.Usage, problem);
        }

        await using (var written = to?.CreateText())
        {
            await ComparisonExport.WriteAsync(written ?? context.Terminal.Out, result, rows, context.Terminal.Time.GetUtcNow(), context.Cancellation);
        }

        foreach (var sentence in rows.NotThere)
        {
            await context.Terminal.Error.WriteLineAsync($"Not in the file: {sentence}");
        }

        return ExitCode.Ok;
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
