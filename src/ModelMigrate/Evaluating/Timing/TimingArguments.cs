using System.CommandLine;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Timing;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Evaluating.Timing;

/// <summary>The options that <c>performance</c> and <c>load-test</c> share. All that is wrong with them is said at once.</summary>
internal sealed class TimingArguments
{
    private readonly Option<string> _target = new("--target") { Description = "The model: one of the configuration's, or openai:NAME@URL (also anthropic, gemini).", HelpName = "MODEL", Required = true };

    private readonly Option<string?> _source = new("--source") { Description = "Another model, measured in turn with the target: the one that users have.", HelpName = "MODEL" };

    private readonly Option<string?> _dataset = new("--dataset", "-d") { Description = "Rows whose prompts are asked in turn. Default: twenty plain questions of our own.", HelpName = "FILE" };

    private readonly Option<string?> _map = new("--map") { Description = "Which columns are read: prompt=question.", HelpName = "FIELD=COLUMN,…" };

    private readonly Option<string?> _system = new("--system") { Description = "Instructions to the models.", HelpName = "TEXT" };

    private readonly Option<string?> _temperature = new("--temperature") { Description = "0 to 2. Default: the models' own.", HelpName = "T" };

    private readonly Option<string?> _maxTokens = new("--max-tokens") { Description = "The longest answer, 1 to 100000. Default: 256.", HelpName = "N", DefaultValueFactory = _ => "256" };

    private readonly Option<string?> _timeout = new("--timeout") { Description = "For one call, 1ms to 1h; what fails counts as this long or longer. Default: 60s.", HelpName = "TIME", DefaultValueFactory = _ => "60s" };

    private readonly Option<string?> _maxCost = new("--max-cost") { Description = "US dollars that it may cost at most. Default: no limit.", HelpName = "USD" };

    public void AddTo(Command command, bool takesSource)
    {
        command.Add(SharedOptions.Config);
        command.Add(_target);
        if (takesSource)
        {
            command.Add(_source);
        }

        foreach (var option in (Option[])[_dataset, _map, _system, _temperature, _maxTokens, _timeout, _maxCost])
        {
            command.Add(option);
        }
    }

    /// <summary>The time limit, or 0 when it is wrong, which <see cref="ReadAsync"/> says.</summary>
    public TimeSpan Limit(CommandContext context) => Quantity.TryDuration(context.Parsed.GetValue(_timeout)!, out var limit) ? limit : TimeSpan.Zero;

    /// <summary>What was asked for; or null, and all problems, those that the caller found too, were said.</summary>
    public async Task<TimingGiven?> ReadAsync(CommandContext context, List<string> problems)
    {
        var (parsed, given) = (context.Parsed, new OptionReader(context.Parsed, problems));
        var choice = new ArmChoice(context, parsed.GetValue(SharedOptions.Config)!);
        var source = parsed.GetValue(_source) is { } named ? choice.Find(ArmRole.Source, named, problems) : null;
        var target = choice.Find(ArmRole.Target, parsed.GetValue(_target)!, problems);
        var settings = new AskSettings
        {
            System = parsed.GetValue(_system),
            Temperature = given.Real(_temperature, 0, 2, "0"),
            MaxTokens = given.Whole(_maxTokens, 1, 100_000, "256") ?? 0,
        };
        var limit = given.Time(_timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), "1ms to 1h, for example 60s") ?? TimeSpan.Zero;
        var most = given.MaxCost(_maxCost, [source, target]);
        var prompts = await PromptsAsync(context, given);
        foreach (var problem in problems)
        {
            await context.Terminal.Error.WriteLineAsync(problem);
        }

        return problems.Count > 0 || target is null || prompts is null ? null : new TimingGiven(source is null ? [target] : [source, target], prompts, settings, limit, most);
    }

    private async Task<IReadOnlyList<DatasetRow>?> PromptsAsync(CommandContext context, OptionReader given)
    {
        var map = given.Columns(_map);
        if (given.Text(_dataset) is not { } path)
        {
            return TimingPrompts.Own;
        }

        var rows = new DatasetProblems();
        var read = await TimingPrompts.ReadAsync(path, map, rows, context.Cancellation);
        given.Problems.AddRange(rows.Lines);
        return read;
    }
}
