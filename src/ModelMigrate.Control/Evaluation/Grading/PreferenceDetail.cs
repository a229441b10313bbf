using ModelMigrate.Control.Evaluation.Judging.Pairs;

namespace ModelMigrate.Control.Evaluation.Grading;

/// <summary>What a judge said of one pair, as it is kept.</summary>
/// <param name="Longer">Characters that the target's answer has more.</param>
/// <param name="Rounds">Of each round both places: with the source in front, then with the target; 0 the first, 1 a tie, 2 the second.</param>
/// <param name="Reasons">Two of each round.</param>
internal sealed record PreferenceDetail(long Longer, IReadOnlyList<IReadOnlyList<int>> Rounds, IReadOnlyList<string> Reasons)
{
    public static PreferenceDetail Of(PairOutcome outcome, long longer) =>
        new(longer, [.. outcome.Rounds.Select(static round => (IReadOnlyList<int>)[(int)round.SourceInFront, (int)round.TargetInFront])], outcome.Reasons);

    /// <summary>The first round, or null: nobody is asked of answers that are the same.</summary>
    public PairRound? First() => Rounds is [[var source, var target], ..] ? new PairRound((Place)source, (Place)target, []) : null;
}
