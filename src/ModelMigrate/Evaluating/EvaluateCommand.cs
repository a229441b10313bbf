using System.CommandLine;
using ModelMigrate.Commands;
using ModelMigrate.Core.Configuration.Evaluations;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Output;

namespace ModelMigrate.Evaluating;

/// <summary><c>evaluate</c>: a comparison that a file describes. Paths in it are relative to it.</summary>
internal static class EvaluateCommand
{
    private const int MostBytes = 1 << 20;

    public static Command Create(Terminal terminal)
    {
        var file = new Option<FileInfo>("--config", "-c") { Description = "The file that describes the comparison.", HelpName = "FILE", DefaultValueFactory = _ => new FileInfo("evaluation.yaml") };
        var flow = new FlowArguments();
        var command = new Verb("evaluate", "Run the comparison that a file describes: models, data set, metrics with margins. Exits as compare does.",
            "model-migrate evaluate --config samples/evaluation/evaluation.yaml",
            "model-migrate evaluate --config evaluation.yaml --out nightly --json") { file };
        flow.AddTo(command);
        return command.Runs(terminal, context => RunAsync(context, context.Parsed.GetValue(file)!, flow));
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, FileInfo file, FlowArguments flow)
    {
        byte[] bytes;
        try
        {
            bytes = file.Length > MostBytes ? [] : await File.ReadAllBytesAsync(file.FullName, context.Cancellation);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return context.Fail(ExitCode.Usage, $"Cannot read {file.FullName}: {unreadable.Message} Name your file with --config; samples/evaluation has one.");
        }

        if (file.Name.StartsWith("promptfooconfig", StringComparison.Ordinal))
        {
            return context.Fail(ExitCode.Usage, $"{file.Name} is a configuration of promptfoo. Run: model-migrate evaluate-promptfoo --config {file.Name}");
        }

        var (config, problems) = EvaluationReader.Read(bytes, file.Name, context.Terminal.Environment);
        foreach (var problem in problems)
        {
            await context.Terminal.Error.WriteLineAsync(problem.ToString());
        }

        if (config is null)
        {
            return ExitCode.Usage;
        }

        var folder = file.DirectoryName!;
        config = config with { Dataset = Path.Combine(folder, config.Dataset) };
        var run = new EvaluationFlow(context, config, flow.Of(context, new FileInfo(Path.Combine(folder, config.Models ?? "model-migrate.yaml")), folder));

        // Metrics that are wrong are said in the same breath as keys that are.
        return problems.Any(static problem => problem.Severity == ConfigSeverity.Error) ? await run.RefuseAsync([]) : await run.RunAsync([]);
    }
}
