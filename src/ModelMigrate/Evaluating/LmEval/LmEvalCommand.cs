using System.CommandLine;
using System.Globalization;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Importing;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Output;

namespace ModelMigrate.Evaluating.LmEval;

/// <summary><c>evaluate-lm-eval</c>: runs lm-evaluation-harness, where it is installed, on a model of the configuration, and reads what it wrote.</summary>
internal sealed class LmEvalCommand
{
    private const string Variable = "MODEL_MIGRATE_MODEL_KEY";

    private readonly Option<string> _model = new("--model", "-m") { Description = $"One of the configuration's, or openai:NAME@URL with its key in {Variable}.", HelpName = "MODEL", Required = true };
    private readonly Option<string> _tasks = new("--tasks", "-t") { Description = "Of the harness, with commas between.", HelpName = "NAMES", Required = true };
    private readonly Option<DirectoryInfo> _out = new("--out", "-o") { Description = "The folder of its results. Default: lm-eval-results.", HelpName = "DIR", DefaultValueFactory = _ => new DirectoryInfo("lm-eval-results") };
    private readonly Option<bool> _completions = new("--completions") { Description = "Ask in completions instead of chat: tasks that want log-probabilities need it, and a provider that gives them." };
    private readonly Option<int> _concurrency = new("--concurrency") { Description = "Calls under way at once. Default: 8.", HelpName = "N", DefaultValueFactory = _ => 8 };
    private readonly Argument<string[]> _more = new("more") { Description = "After --: handed to the harness as it stands, for example --num_fewshot 5 --limit 100.", Arity = ArgumentArity.ZeroOrMore };

    public static Command Create(Terminal terminal)
    {
        var own = new LmEvalCommand();
        own._concurrency.Validators.Add(static result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is < 1 or > 256)
            {
                result.AddError("--concurrency is a number from 1 to 256.");
            }
        });
        return new Verb("evaluate-lm-eval", "Run lm-evaluation-harness on a model, and read its results; compare then holds two of its runs against each other. Exits 2 when it is not installed, 3 when it fails.",
            "model-migrate evaluate-lm-eval --model new --tasks gsm8k,ifeval --out new-results",
            "model-migrate evaluate-lm-eval --model openai:m@http://127.0.0.1:8080/v1 --tasks gsm8k -- --num_fewshot 5 --limit 100") { SharedOptions.Config, own._model, own._tasks, own._out, own._completions, own._concurrency, own._more }
            .Runs(terminal, own.RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var problems = new List<string>();
        var model = new ArmChoice(context, context.Parsed.GetValue(SharedOptions.Config)!).Model("--model", context.Parsed.GetValue(_model)!, Variable, problems)?.Calls[0];
        if (model is not null && model.Provider.Kind != ProviderKind.OpenAi)
        {
            problems.Add($"--model: {model.Id.Value} is not asked in OpenAI's protocol, and the harness speaks no other here. Serve a route to it (model-migrate serve), and name openai:ROUTE@http://127.0.0.1:8080/v1.");
        }

        var program = LmEvalProgram.Find(context.Terminal.Environment("PATH"));
        if (program is null)
        {
            problems.Add("lm-evaluation-harness is not installed: neither lm_eval nor lm-eval is in PATH. Install it with: pip install 'lm_eval[api]'");
        }

        foreach (var problem in problems)
        {
            await context.Terminal.Error.WriteLineAsync(problem);
        }

        return problems.Count > 0 ? ExitCode.Usage : await RunAsync(context, program!, model!);
    }

    private async Task<ExitCode> RunAsync(CommandContext context, string program, ModelSnapshot model)
    {
        var folder = context.Parsed.GetValue(_out)!;
        try
        {
            folder.Create();
        }
        catch (Exception impossible) when (impossible is IOException or UnauthorizedAccessException)
        {
            return context.Fail(ExitCode.Infrastructure, $"The folder cannot be made: {impossible.Message} Name another one with --out.");
        }

        var before = Results(folder).ToHashSet(StringComparer.Ordinal);
        if (await LmEvalProgram.RunAsync(program, Words(context, model), model.Provider.ApiKey?.Reveal() ?? "", context.Terminal.Error, context.Cancellation) is { } wrong)
        {
            return context.Fail(ExitCode.Infrastructure, wrong);
        }

        // Their names end in the time: of several the newest.
        if (Results(folder).Where(file => !before.Contains(file)).Order(StringComparer.Ordinal).LastOrDefault() is not { } written)
        {
            return context.Fail(ExitCode.Infrastructure, $"The harness ended well and wrote no results_*.json below {folder.FullName}. Look at what it said.");
        }

        return ResultImporter.TryRead(written, out var unreadable) is { } read ? Say(context, read, written) : context.Fail(ExitCode.Infrastructure, $"{written}: {unreadable}");
    }

    private static IEnumerable<string> Results(DirectoryInfo folder) => folder.EnumerateFiles("results*.json", SearchOption.AllDirectories).Select(static file => file.FullName);

    /// <summary>The harness's own options: the model behind its URL, and every answer kept, so that two runs can be compared document by document.</summary>
    private List<string> Words(CommandContext context, ModelSnapshot model)
    {
        var isChat = !context.Parsed.GetValue(_completions);
        var url = $"{model.Provider.BaseUrl.ToString().TrimEnd('/')}/{(isChat ? "chat/completions" : "completions")}";
        return
        [
            "--model", isChat ? "local-chat-completions" : "local-completions",
            "--model_args", string.Create(CultureInfo.InvariantCulture, $"model={model.Name},base_url={url},num_concurrent={context.Parsed.GetValue(_concurrency)},max_retries=3"),
            "--tasks", context.Parsed.GetValue(_tasks)!,
            "--output_path", context.Parsed.GetValue(_out)!.FullName,
            "--log_samples",
            .. isChat ? ["--apply_chat_template"] : Array.Empty<string>(),
            .. context.Parsed.GetValue(_more) ?? [],
        ];
    }

    private static ExitCode Say(CommandContext context, ImportedEvaluation read, string file)
    {
        var run = read.Runs[0];
        var figures = run.Metrics.Select(static metric => new { metric.Id, Value = metric.Whole?.Value, metric.Whole?.StandardError, HasDocuments = metric.HasCases }).ToList();
        context.WriteJson(new { Tool = read.Tool, read.Version, Model = run.Name, Results = file, Documents = run.Cases.Count, Complete = run.IncompleteBecause is null, Metrics = figures, read.Notes });
        foreach (var figure in figures.Where(static figure => figure.Value is not null))
        {
            context.Say(string.Create(CultureInfo.InvariantCulture, $"{figure.Id}: {figure.Value:0.####}{(figure.StandardError is { } error ? string.Create(CultureInfo.InvariantCulture, $" ± {error:0.####}") : "")}"));
        }

        foreach (var note in read.Notes.Append(run.IncompleteBecause).OfType<string>())
        {
            context.Say(note);
        }

        context.Say($"{run.Cases.Count} documents. Results: {file}");
        context.Say($"Hold it against a run of the other model: model-migrate compare OTHER.json {file}");
        return ExitCode.Ok;
    }
}
