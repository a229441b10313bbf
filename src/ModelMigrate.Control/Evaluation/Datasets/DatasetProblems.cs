namespace ModelMigrate.Control.Evaluation.Datasets;

/// <summary>Collects what is wrong with a dataset: the first ones in full, all by their number. Owned by one reading.</summary>
public sealed class DatasetProblems
{
    /// <summary>More are counted only.</summary>
    public const int MostKept = 20;

    private readonly List<DatasetProblem> _kept = [];

    public long Count { get; private set; }

    public IReadOnlyList<DatasetProblem> Kept => _kept;

    public void Add(string file, long line, string message)
    {
        Count++;
        if (_kept.Count < MostKept)
        {
            _kept.Add(new DatasetProblem(file, line, message));
        }
    }
}
