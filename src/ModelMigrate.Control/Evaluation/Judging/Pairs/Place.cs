namespace ModelMigrate.Control.Evaluation.Judging.Pairs;

/// <summary>What a judge says of two answers that it does not know by name.</summary>
internal enum Place
{
    First = 0,
    Tie = 1,
    Second = 2,
}
