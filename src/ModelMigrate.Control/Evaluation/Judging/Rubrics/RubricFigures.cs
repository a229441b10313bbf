using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Control.Evaluation.Judging.Rubrics;

/// <summary>What the grades of one arm's answers come to. What nothing is known of is null.</summary>
/// <param name="Cases">Answers.</param>
/// <param name="Graded">Of them, those with a grade.</param>
/// <param name="Mean">Of the answers' mean grades.</param>
/// <param name="Low95">Student's t over answers, cut at the scale; null with fewer than two.</param>
/// <param name="High95">Likewise.</param>
/// <param name="Spread">The mean standard deviation of an answer's rounds: how far the judge contradicts itself; null with one round.</param>
/// <param name="Human">How many answers have a person's grade too.</param>
/// <param name="HumanAlpha">Krippendorff's alpha, by squared distance, of judge and person.</param>
/// <param name="HumanDistance">The mean distance of their grades.</param>
public sealed record RubricFigures(
    int Cases, int Graded, double? Mean, double? Low95, double? High95, double? Spread, int Human, double? HumanAlpha, double? HumanDistance)
{
    /// <summary>Of the answers of one arm; <c>Human</c> is a person's grade or null.</summary>
    public static RubricFigures Of(Rubric rubric, IReadOnlyCollection<(RubricOutcome Outcome, double? Human)> answers)
    {
        var graded = answers.Where(static answer => answer.Outcome.Score is not null).Select(static answer => (Score: answer.Outcome.Score!.Value, answer.Outcome.Spread, answer.Human)).ToList();
        var mean = MeanEstimate.Of([.. graded.Select(static answer => answer.Score)]);
        var interval = mean.At();
        var people = graded.Where(static answer => answer.Human is not null).ToList();
        return new RubricFigures(
            answers.Count, graded.Count, Known(mean.Mean), Known(Math.Max(interval.Low, rubric.Low)), Known(Math.Min(interval.High, rubric.High)),
            graded.Average(static answer => answer.Spread), people.Count,
            Known(Agreement.Alpha(people.Select(static answer => (IReadOnlyList<double>)[answer.Score, answer.Human!.Value]), areNumbers: true)),
            people.Count == 0 ? null : people.Average(static answer => Math.Abs(answer.Score - answer.Human!.Value)));
    }

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}
