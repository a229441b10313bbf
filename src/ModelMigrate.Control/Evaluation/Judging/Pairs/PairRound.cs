namespace ModelMigrate.Control.Evaluation.Judging.Pairs;

/// <summary>Both orders of one pair: first with the source in front, then with the target.</summary>
internal sealed record PairRound(Place SourceInFront, Place TargetInFront, IReadOnlyList<string> Reasons)
{
    /// <summary>Whether both orders mean the same answer, or both none.</summary>
    public bool IsConsistent => (SourceInFront, TargetInFront) is (Place.First, Place.Second) or (Place.Second, Place.First) or (Place.Tie, Place.Tie);

    /// <summary>What both orders say; a tie when they contradict each other, also when one of them is a tie (Zheng et al. 2023, arXiv 2306.05685).</summary>
    public Preference Preference => (SourceInFront, TargetInFront) switch
    {
        (Place.First, Place.Second) => Preference.Source,
        (Place.Second, Place.First) => Preference.Target,
        _ => Preference.Tie,
    };

    /// <summary>Verdicts for whichever stood in front, 0 to 2.</summary>
    public int ForFirst => (SourceInFront == Place.First ? 1 : 0) + (TargetInFront == Place.First ? 1 : 0);

    /// <summary>Verdicts that are no ties, 0 to 2.</summary>
    public int Decisive => (SourceInFront == Place.Tie ? 0 : 1) + (TargetInFront == Place.Tie ? 0 : 1);
}
