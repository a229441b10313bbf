using System.Globalization;
using System.Text;
using System.Text.Json;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Control.Evaluation.Judging.Rubrics;
using ModelMigrate.Core.Statistics;
using ModelMigrate.Output;

namespace ModelMigrate.Scoring.Judging;

/// <summary>Has every answer of a file graded, so many cases at once. Owned by one command.</summary>
internal sealed class RubricRun(JudgeModel judge, Rubric rubric, int rounds, int concurrency)
{
    private static readonly string[] s_arms = ["source", "target", "prediction"];

    public async Task<JudgedAnswers> RunAsync(IReadOnlyList<AnswerLine> lines, OrderedLines output, Action<int> progress, CancellationToken cancellation)
    {
        var grader = new RubricJudge(judge, rubric, rounds);
        var graded = new Dictionary<string, RubricOutcome>[lines.Count];
        await Parallel.ForAsync(0, lines.Count, new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellation }, async (i, stop) =>
        {
            graded[i] = await GradeAsync(grader, lines[i], stop);
            output.Add(i, Lines(lines[i], graded[i]));
            progress(output.Through);
        });
        cancellation.ThrowIfCancellationRequested();
        return Sum(grader, lines, graded);
    }

    private static async Task<Dictionary<string, RubricOutcome>> GradeAsync(RubricJudge grader, AnswerLine line, CancellationToken cancellation)
    {
        var outcomes = new Dictionary<string, RubricOutcome>(StringComparer.Ordinal);
        foreach (var arm in s_arms.Where(line.Answers.ContainsKey))
        {
            outcomes[arm] = await grader.JudgeAsync(new RubricCase(line.Prompt, line.Answers[arm], line.Reference), cancellation);
        }

        if (outcomes.Count == 0)
        {
            outcomes["prediction"] = new RubricOutcome([], [], JudgeFailure.None, line.Error);
        }

        return outcomes;
    }

    private static string Lines(AnswerLine line, Dictionary<string, RubricOutcome> outcomes)
    {
        var text = new StringBuilder();
        foreach (var (arm, outcome) in outcomes)
        {
            var score = outcome.Score is { } known ? known.ToString("R", CultureInfo.InvariantCulture) : "null";
            var view = JsonSerializer.Serialize(new { Answer = arm, outcome.Spread, Reasons = outcome.Reasons.Count > 0 ? outcome.Reasons : null, outcome.Missing }, OfLines.Json);
            text.Append('{').Append(line.Name).Append($",\"score\":{score},").Append(view.AsSpan(1)).Append('\n');
        }

        return text.ToString();
    }

    private JudgedAnswers Sum(RubricJudge grader, IReadOnlyList<AnswerLine> lines, Dictionary<string, RubricOutcome>[] graded)
    {
        var all = graded.SelectMany(static outcomes => outcomes.Values).ToList();
        var missing = all.Count(static outcome => outcome.Score is null);
        var arms = s_arms.Where(arm => graded.Any(outcomes => outcomes.ContainsKey(arm))).ToDictionary(static arm => arm, arm => RubricFigures.Of(
            rubric, [.. graded.Zip(lines).Where(pair => pair.First.ContainsKey(arm)).Select(pair => (pair.First[arm], pair.Second.Grades.TryGetValue(arm, out var human) ? human : (double?)null))]), StringComparer.Ordinal);
        var differences = graded.Select(static outcomes => outcomes.GetValueOrDefault("target")?.Score - outcomes.GetValueOrDefault("source")?.Score).OfType<double>().ToArray();
        var difference = MeanEstimate.Of(differences);
        var bounds = difference.At();
        var paired = differences.Length == 0 ? null : new { Pairs = differences.Length, difference.Mean, Low95 = Known(bounds.Low), High95 = Known(bounds.High) };
        var words = new StringBuilder();
        foreach (var (arm, figures) in arms)
        {
            words.Append(CultureInfo.InvariantCulture, $"{arm}: {figures.Graded} of {figures.Cases} graded, mean {(figures.Mean is { } mean ? $"{mean:0.00}" : "not known")} on {rubric.Low} to {rubric.High}");
            words.Append(figures.Low95 is { } low ? string.Create(CultureInfo.InvariantCulture, $" ({low:0.00} to {figures.High95:0.00})") : "");
            words.Append(figures.Spread is { } spread ? string.Create(CultureInfo.InvariantCulture, $", spread of rounds {spread:0.00}") : "").Append(".\n");
        }

        if (paired is not null)
        {
            words.Append(CultureInfo.InvariantCulture, $"Target less source: {paired.Mean:+0.00;-0.00;0} over {paired.Pairs} pairs{(paired.Low95 is { } low ? $" ({low:+0.00;-0.00;0} to {paired.High95:+0.00;-0.00;0})" : "")}.\n");
        }

        return new JudgedAnswers(
            new { Judge = judge.Model.Id.Value, grader.Signature, Rubric = arms, Difference = paired, Judging = judge.Usage.Cost }, words.ToString().TrimEnd(), all.Count, missing,
            missing == all.Count && all.Any(static outcome => outcome.Failure == JudgeFailure.Unreachable), ExitCode.Ok);
    }

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}
