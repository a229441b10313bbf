namespace ModelMigrate.Control.Evaluation.Judging.Pairs;

/// <summary>How a judge's preferences stand beside people's. NaN figures are null.</summary>
/// <param name="Cases">Pairs that both judged.</param>
/// <param name="Agreement">Pairs on which the judge says what most people say; people who are evenly split say tie.</param>
/// <param name="Kappa">Cohen's kappa of the same two.</param>
/// <param name="Alpha">Krippendorff's alpha, nominal, of the judge and every person.</param>
/// <param name="HumanAlpha">The same of the people alone: no judge can agree with them better than they do among themselves. Null when no pair has two.</param>
public sealed record HumanFigures(int Cases, ShareFigure Agreement, double? Kappa, double? Alpha, double? HumanAlpha)
{
    internal static HumanFigures? Of(IReadOnlyCollection<(PairCase Case, PairOutcome Outcome)> pairs)
    {
        if (pairs.Count == 0)
        {
            return null;
        }

        var both = pairs.Select(static pair => ((int)pair.Outcome.Preference!, (int)Most(pair.Case.Human!))).ToList();
        var people = pairs.Select(static pair => (IReadOnlyList<double>)[.. pair.Case.Human!.Select(static human => (double)human)]).ToList();
        var all = pairs.Zip(people, static (pair, human) => (IReadOnlyList<double>)[(double)pair.Outcome.Preference!, .. human]);
        return new HumanFigures(
            pairs.Count, ShareFigure.From(both.Count(static pair => pair.Item1 == pair.Item2), pairs.Count), Known(Core.Statistics.Agreement.Kappa(both)),
            Known(Core.Statistics.Agreement.Alpha(all, areNumbers: false)), Known(Core.Statistics.Agreement.Alpha(people, areNumbers: false)));
    }

    private static Preference Most(IReadOnlyList<Preference> people)
    {
        var counts = people.CountBy(static human => human).OrderByDescending(static count => count.Value).ToList();
        return counts.Count > 1 && counts[0].Value == counts[1].Value ? Preference.Tie : counts[0].Key;
    }

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}
