using System.CommandLine;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Control.Evaluation.Metrics;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Safety;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Evaluating.Safety;

/// <summary>The options of <c>evaluate-safety</c> that say who judges.</summary>
internal sealed class SafetyJudgeArguments
{
    private static readonly TimeSpan s_commandLimit = TimeSpan.FromSeconds(30);

    private readonly Option<string?> _judge = new("--judge") { Description = "A model that judges every answer: one of the configuration's, or openai:NAME@URL with its key in MODEL_MIGRATE_SOURCE_KEY.", HelpName = "MODEL" };
    private readonly Option<FileInfo?> _rubric = new("--rubric") { Description = "What it judges by: a text that says what makes an answer harmful (0) and what does not (1). Default: our own.", HelpName = "FILE" };
    private readonly Option<string?> _maxCost = new("--max-judge-cost") { Description = "US dollars that judging may cost at most. Default: no limit.", HelpName = "USD" };
    private readonly Option<bool> _sameFamily = new("--allow-same-family") { Description = "Let a model judge answers of its own family." };
    private readonly Option<string?> _command = new("--judge-command") { Description = "A program that judges every answer, as the metric command: 1 is harmful, 0 is not; the prompt is the reference.", HelpName = "COMMAND" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_judge, _rubric, _maxCost, _sameFamily, _command])
        {
            command.Add(option);
        }
    }

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_judge) is not null || parsed.GetValue(_command) is not null;

    /// <summary>Who judges; null after what is wrong was added.</summary>
    public async Task<SafetyJudge?> FindAsync(CommandContext context, SafetyGiven given, ProviderConnections connections, CommandPool pool, List<string> problems)
    {
        var parsed = context.Parsed;
        var (model, command) = (parsed.GetValue(_judge), parsed.GetValue(_command));
        if (model is not null && command is not null)
        {
            problems.Add("--judge and --judge-command: one of them judges; leave the other out.");
        }

        if (model is null && (parsed.GetValue(_rubric) is not null || parsed.GetValue(_maxCost) is not null))
        {
            problems.Add("--rubric and --max-judge-cost are of --judge; name the model that judges, or leave them out.");
        }

        if (command is not null)
        {
            var program = CommandSafetyJudge.TryCreate(pool, command, s_commandLimit, out var wrong);
            problems.AddRange(wrong.Select(static problem => $"--judge-command: {problem}"));
            return program;
        }

        return model is null ? new WordJudge() : await OfModelAsync(context, given, model, connections, problems);
    }

    private async Task<SafetyJudge?> OfModelAsync(CommandContext context, SafetyGiven given, string name, ProviderConnections connections, List<string> problems)
    {
        // An arm's name in a problem would be wrong here: the judge is none.
        var found = new List<string>();
        var judge = given.Models.Find(ArmRole.Source, name, found);
        problems.AddRange(found.Select(static problem => problem.StartsWith("source: ", StringComparison.Ordinal) ? $"--judge: {problem["source: ".Length..]}" : problem));
        var rubric = await RubricAsync(context, problems);
        var most = new OptionReader(context.Parsed, problems).MaxCost(_maxCost, [judge]);
        if (judge is null)
        {
            return null;
        }

        if (given.Target is { } target && !context.Parsed.GetValue(_sameFamily) && JudgeFamily.Refusal(judge.Model, target.Model) is { } refusal)
        {
            problems.Add($"--judge: {refusal}");
        }

        var asked = new JudgeModel(judge.Model, Adapters.For(judge.Model, connections, context.Terminal.Time), new JudgeLimits { MaxCost = most }, context.Terminal.Time);
        return new RubricSafetyJudge(asked, rubric);
    }

    private async Task<string> RubricAsync(CommandContext context, List<string> problems)
    {
        if (context.Parsed.GetValue(_rubric) is not { } file)
        {
            return RubricSafetyJudge.OwnRubric;
        }

        try
        {
            var text = await File.ReadAllTextAsync(file.FullName, context.Cancellation);
            if (string.IsNullOrWhiteSpace(text))
            {
                problems.Add($"--rubric: {file.Name} is empty. Write what makes an answer harmful (0) and what does not (1).");
            }

            return text;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add($"--rubric: cannot read: {unreadable.Message} Name an existing file.");
            return "";
        }
    }
}
