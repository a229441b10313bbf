using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Control.Evaluation.Judging.Pairs;

/// <summary>What judged pairs come to, and how far the judge can be believed. Shares are 0 to 1; one that nothing is known of is null.</summary>
public sealed record PairFigures
{
    public required int Cases { get; init; }

    /// <summary>Cases with a verdict, identical answers among them.</summary>
    public required int Judged { get; init; }

    public required int Missing { get; init; }

    /// <summary>Pairs of the same text.</summary>
    public required int Identical { get; init; }

    /// <summary>Pairs in which the target's answer is better.</summary>
    public required int Wins { get; init; }

    public required int Ties { get; init; }

    public required int Losses { get; init; }

    /// <summary>Wins and half of the ties, of the judged; Wilson's interval, which ties make wider than need be.</summary>
    public required ShareFigure WinRate { get; init; }

    /// <summary>The win rate as it would be among answers of equal length, in characters.</summary>
    public required AdjustedShare LengthControlled { get; init; }

    /// <summary>Whether the two win rates lie more than 10 points apart: the preference is one of length too.</summary>
    public required bool IsLengthTold { get; init; }

    /// <summary>Verdicts for the answer in front, of those that are no ties, in the first round of each pair. ½ has no bias; 1 looks at nothing else.</summary>
    public required ShareFigure FirstPosition { get; init; }

    /// <summary>Pairs whose first round says the same in both orders.</summary>
    public required ShareFigure Consistency { get; init; }

    /// <summary>Pairs of which all rounds say the same; null with one round.</summary>
    public required ShareFigure? Steadiness { get; init; }

    /// <summary>Null when no case has a human's preference.</summary>
    public required HumanFigures? Human { get; init; }

    public static PairFigures Of(IReadOnlyCollection<(PairCase Case, PairOutcome Outcome)> pairs)
    {
        var judged = pairs.Where(static pair => pair.Outcome.Share is not null).ToList();
        var asked = judged.Where(static pair => !pair.Outcome.IsIdentical).Select(static pair => pair.Outcome).ToList();
        List<double> shares = [.. judged.Select(static pair => pair.Outcome.Share!.Value)];
        var controlled = AdjustedShare.Of(shares, [.. judged.Select(static pair => (double)pair.Case.Target.Length - pair.Case.Source.Length)]);
        var several = asked.Where(static outcome => outcome.Rounds.Count > 1).ToList();
        return new PairFigures
        {
            Cases = pairs.Count,
            Judged = judged.Count,
            Missing = pairs.Count - judged.Count,
            Identical = judged.Count - asked.Count,
            Wins = judged.Count(static pair => pair.Outcome.Preference == Preference.Target),
            Ties = judged.Count(static pair => pair.Outcome.Preference == Preference.Tie),
            Losses = judged.Count(static pair => pair.Outcome.Preference == Preference.Source),
            WinRate = ShareFigure.From(shares.Sum(), shares.Count),
            LengthControlled = controlled,
            IsLengthTold = controlled.Value is { } value && Math.Abs(value - shares.Average()) > 0.1,
            FirstPosition = ShareFigure.From(asked.Sum(static outcome => outcome.Rounds[0].ForFirst), asked.Sum(static outcome => outcome.Rounds[0].Decisive)),
            Consistency = ShareFigure.From(asked.Count(static outcome => outcome.Rounds[0].IsConsistent), asked.Count),
            Steadiness = several.Count == 0 ? null : ShareFigure.From(several.Count(static outcome => outcome.Rounds.DistinctBy(static round => round.Preference).Count() == 1), several.Count),
            Human = HumanFigures.Of([.. judged.Where(static pair => pair.Case.Human is { Count: > 0 })]),
        };
    }
}
