namespace ModelMigrate.Core.Evaluation.Results;

/// <summary>What the models were asked.</summary>
public sealed record EvaluationDataset
{
    /// <summary>The file's or the run's name, without folders.</summary>
    public required string Name { get; init; }

    /// <summary>Of all rows' contents; another hash is another data set.</summary>
    public required string Hash { get; init; }

    /// <summary>Rows that the data set has.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that were to be asked: fewer when a filter or limit was given.</summary>
    public required long Selected { get; init; }

    /// <summary>How often each row was asked.</summary>
    public int Repeats { get; init; } = 1;
}
