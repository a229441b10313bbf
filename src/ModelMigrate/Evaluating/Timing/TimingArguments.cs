using System.CommandLine;
using System.Globalization;
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

    private readonly Option<string> _maxTokens = new("--max-tokens") { Description = "The longest answer, 1 to 100000. Default: 256.", HelpName = "N", DefaultValueFactory = _ => "256" };

    private readonly Option<string> _timeout = new("--timeout") { Description = "For one call, 1ms to 1h; what fails counts as this long or longer. Default: 60s.", HelpName = "TIME", DefaultValueFactory = _ => "60s" };

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
        var parsed = context.Parsed;
        var choice = new ArmChoice(context, parsed.GetValue(SharedOptions.Config)!);
        var source = parsed.GetValue(_source) is { } named ? choice.Find(ArmRole.Source, named, problems) : null;
        var target = choice.Find(ArmRole.Target, parsed.GetValue(_target)!, problems);
        var settings = new AskSettings
        {
            System = parsed.GetValue(_system),
            Temperature = parsed.GetValue(_temperature) is { } warmth ? Real("--temperature", warmth, 0, 2, "for example 0", problems) : null,
            MaxTokens = Whole("--max-tokens", parsed.GetValue(_maxTokens)!, 1, 100_000, "256", problems),
        };
        var limit = Time("--timeout", parsed.GetValue(_timeout)!, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), "1ms to 1h, for example 60s", problems);
        var most = parsed.GetValue(_maxCost) is { } written ? MaxCost(written, [source, target], problems) : null;
        var prompts = await PromptsAsync(context, problems);
        foreach (var problem in problems)
        {
            await context.Terminal.Error.WriteLineAsync(problem);
        }

        return problems.Count > 0 || target is null || prompts is null ? null : new TimingGiven(source is null ? [target] : [source, target], prompts, settings, limit, most);
    }

    /// <summary>A whole number, or 0 after it was found wrong.</summary>
    public static int Whole(string option, string written, int least, int most, string example, List<string> problems)
    {
        if (int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        problems.Add(string.Create(CultureInfo.InvariantCulture, $"{option}: '{written}' is no whole number from {least} to {most}; write for example {example}."));
        return 0;
    }

    /// <summary>A number, or 0 after it was found wrong.</summary>
    public static double Real(string option, string written, double least, double most, string example, List<string> problems)
    {
        if (double.TryParse(written, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        problems.Add(string.Create(CultureInfo.InvariantCulture, $"{option}: '{written}' is no number from {least} to {most}; write {example}."));
        return 0;
    }

    /// <summary>A duration, or 0 after it was found wrong.</summary>
    public static TimeSpan Time(string option, string written, TimeSpan least, TimeSpan most, string range, List<string> problems)
    {
        if (Quantity.TryDuration(written, out var time) && time >= least && time <= most)
        {
            return time;
        }

        problems.Add($"{option}: '{written}' is no time from {range}.");
        return TimeSpan.Zero;
    }

    /// <summary>US dollars; <paramref name="problems"/> hear of an amount that is none, and of models without a price, for which none can be kept.</summary>
    public static decimal? MaxCost(string written, IEnumerable<ComparedArm?> arms, List<string> problems, string option = "--max-cost")
    {
        if (!decimal.TryParse(written, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) || dollars <= 0)
        {
            problems.Add($"{option}: '{written}' is no amount of US dollars above 0; write for example 2.5, or leave it out.");
        }
        else if (arms.OfType<ComparedArm>().Where(static arm => arm.Model.Cost(1, 1) is null).Select(static arm => arm.Name).ToList() is { Count: > 0 } unpriced)
        {
            problems.Add($"{option} cannot be kept: no price is known of {string.Join(" and ", unpriced)}. Write inputCostPer1k and outputCostPer1k into the catalog entry, or leave it out.");
        }

        return dollars;
    }

    private async Task<IReadOnlyList<DatasetRow>?> PromptsAsync(CommandContext context, List<string> problems)
    {
        var map = ColumnMap.TryParse(context.Parsed.GetValue(_map) ?? "", out var wrong);
        problems.AddRange(wrong.Select(static problem => $"--map: {problem}"));
        if (context.Parsed.GetValue(_dataset) is not { } path)
        {
            return TimingPrompts.Own;
        }

        var rows = new DatasetProblems();
        var read = await TimingPrompts.ReadAsync(path, map ?? ColumnMap.None, rows, context.Cancellation);
        problems.AddRange(rows.Kept.Select(static problem => problem.ToString()));
        if (rows.Count > rows.Kept.Count)
        {
            problems.Add($"And {rows.Count - rows.Kept.Count} more rows are wrong.");
        }

        return read;
    }
}
