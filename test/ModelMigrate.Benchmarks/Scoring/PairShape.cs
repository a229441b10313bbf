namespace ModelMigrate.Benchmarks.Scoring;

/// <summary>What the answers of a generated file are.</summary>
internal enum PairShape
{
    Text = 0,
    Json = 1,
    Calls = 2,
    Ranking = 3,
    Attempts = 4,
    Vectors = 5,
}
