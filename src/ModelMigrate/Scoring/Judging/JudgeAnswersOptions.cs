using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ModelMigrate.Commands;

namespace ModelMigrate.Scoring.Judging;

/// <summary>The options of <c>judge-answers</c>.</summary>
internal sealed class JudgeAnswersOptions
{
    public Option<string> Input { get; } = new("--input", "-i")
    {
        Description = "One JSON object a line with 'prompt', 'source' and 'target', or with --rubric also 'prediction'; 'human' if a person judged it; - reads standard input.", HelpName = "FILE", Required = true,
    };

    public Option<string> Judge { get; } = new("--judge") { Description = "The model that judges: one of the configuration's.", HelpName = "MODEL", Required = true };

    public Option<bool> Pairwise { get; } = new("--pairwise") { Description = "Which of two answers is better, asked in both orders." };

    public Option<FileInfo?> Rubric { get; } = new("--rubric") { Description = "Grade each answer by the words in this file.", HelpName = "FILE" };

    public Option<string> Scale { get; } = new("--scale") { Description = "The rubric's worst and best grade. Default: 1-5.", HelpName = "LOW-HIGH", DefaultValueFactory = _ => "1-5" };

    public Option<string?> Source { get; } = new("--source") { Description = "The model that gave the answers 'source': one of the configuration's.", HelpName = "MODEL" };

    public Option<string?> Target { get; } = new("--target") { Description = "The model that gave the answers 'target' or 'prediction'.", HelpName = "MODEL" };

    public Option<bool> AllowSameFamily { get; } = new("--allow-same-family") { Description = "Let a model judge answers of its own family, or of models that are not named." };

    public Option<int> Repeats { get; } = Whole("--repeats", "How often each case is judged; the verdicts of a case are averaged. Default: 1.", 1, 1, 20);

    public Option<int> Concurrency { get; } = Whole("--concurrency", "Cases under way at once. Default: 4.", 4, 1, 256);

    public Option<string> MaxCost { get; } = new("--max-cost") { Description = "US dollars that judging may cost at most, or none. Default: 1.", HelpName = "USD", DefaultValueFactory = _ => "1" };

    public Option<double?> MinWinRate { get; } = Share("--min-win-rate", "Exit 1 when the target's win rate is shown to be below this, 4 when neither is shown.");

    public Option<double> MaxMissing { get; } = new("--max-missing") { Description = "Share of cases that may have no verdict; above it the exit is 4. Default: 0.05.", HelpName = "SHARE", DefaultValueFactory = _ => 0.05 };

    public JudgeAnswersOptions() => MaxMissing.Validators.Add(static result => CheckShare(result, "--max-missing"));

    public Verb Add(Verb verb)
    {
        foreach (var option in (Option[])[SharedOptions.Config, Input, Judge, Pairwise, Rubric, Scale, Source, Target, AllowSameFamily, Repeats, Concurrency, MaxCost, MinWinRate, MaxMissing])
        {
            verb.Add(option);
        }

        return verb;
    }

    private static Option<int> Whole(string name, string description, int otherwise, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (!result.Errors.Any() && (result.GetValueOrDefault<int>() < least || result.GetValueOrDefault<int>() > most))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is a number from {least} to {most}, for example {otherwise}."));
            }
        });
        return option;
    }

    private static Option<double?> Share(string name, string description)
    {
        var option = new Option<double?>(name) { Description = description, HelpName = "SHARE" };
        option.Validators.Add(result => CheckShare(result, name));
        return option;
    }

    private static void CheckShare(OptionResult result, string name)
    {
        if (!result.Errors.Any() && result.GetValueOrDefault<double?>() is not (>= 0 and <= 1))
        {
            result.AddError($"{name} is a share from 0 to 1, for example 0.5.");
        }
    }
}
