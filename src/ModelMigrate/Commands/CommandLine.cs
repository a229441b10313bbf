using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using ModelMigrate.Commands.Checking;
using ModelMigrate.Commands.Forecasting;
using ModelMigrate.Commands.Keys;
using ModelMigrate.Commands.Models;
using ModelMigrate.Commands.Server;
using ModelMigrate.Comparing;
using ModelMigrate.Evaluating;
using ModelMigrate.Evaluating.LmEval;
using ModelMigrate.Evaluating.Load;
using ModelMigrate.Evaluating.Performance;
using ModelMigrate.Evaluating.Safety;
using ModelMigrate.Linting;
using ModelMigrate.Output;
using ModelMigrate.Recorded;
using ModelMigrate.Scoring;
using ModelMigrate.Scoring.Judging;
using ModelMigrate.Suites;

namespace ModelMigrate.Commands;

/// <summary>The verbs of <c>model-migrate</c>.</summary>
internal static class CommandLine
{
    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand("Moves LLM traffic from one model or provider to another without the users noticing, and proves that it did.")
        {
            SharedOptions.Json,
            ServeCommand.Create(terminal),
            DemoCommand.Create(terminal),
            CheckCommand.Create(terminal),
            ForecastCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            KeysCommand.Create(terminal),
            LintCommand.Create(terminal),
            CompatCommand.Create(terminal),
            ModelsCommand.Create(terminal),
            JudgeCommand.Create(terminal),
            ScoreCommand.Create(terminal),
            JudgeAnswersCommand.Create(terminal),
            CompareCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            PromptfooCommand.Create(terminal),
            RunSuiteCommand.Create(terminal),
            LmEvalCommand.Create(terminal),
            MergeCommand.Create(terminal),
            PerformanceCommand.Create(terminal),
            LoadTestCommand.Create(terminal),
            EvaluateSafetyCommand.Create(terminal),
            CheckRegressionCommand.Create(terminal),
            CheckThresholdsCommand.Create(terminal),
            CheckSafetyCommand.Create(terminal),
            BlessCommand.Create(terminal),
            EvaluationReportCommand.Create(terminal),
            SimulateCommand.Create(terminal),
            MigrationsCommand.Create(terminal),
            StatusCommand.Create(terminal),
            RollbackCommand.Create(terminal),
            ReportCommand.Create(terminal),
            ReportCommand.CreateRunbook(terminal),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        var action = new HelpWithExamples((HelpAction)help.Action!);
        help.Action = action;
        root.SetAction(parsed =>
        {
            action.Invoke(parsed);
            return (int)ExitCode.Usage;
        });
        return root;
    }

    /// <summary>Parses and runs one command line.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation)
    {
        var parsed = Create(terminal).Parse(args);
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            // The process's own signal handling drains; the library's would end it after two seconds.
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        };
        if (parsed.Action is not ParseErrorAction wrong)
        {
            return await parsed.InvokeAsync(configuration, cancellation);
        }

        wrong.ShowHelp = false;
        await parsed.InvokeAsync(configuration, cancellation);
        var names = new List<string>();
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult command; at = at.Parent)
        {
            names.Insert(0, command.Command.Name);
        }

        await terminal.Error.WriteLineAsync($"See: {string.Join(' ', names)} --help");
        return (int)ExitCode.Usage;
    }

    /// <summary>Gives a command its action.</summary>
    public static T Runs<T>(this T command, Terminal terminal, Func<CommandContext, Task<ExitCode>> run)
        where T : Command
    {
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                return (int)await run(new CommandContext(terminal, parsed, cancellation));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return (int)ExitCode.Ok;
            }
        });
        return command;
    }
}
