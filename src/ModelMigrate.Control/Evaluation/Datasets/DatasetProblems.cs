namespace ModelMigrate.Control.Evaluation.Datasets;

/// <summary>Collects what is wrong with a dataset: the first ones in full, all by their number. Owned by one reading.</summary>
public sealed class DatasetProblems
{
    /// <summary>More are counted only.</summary>
    public const int MostKept = 20;

    private readonly List<DatasetProblem> _kept = [];

    public long Count { get; private set; }

    public IReadOnlyList<DatasetProblem> Kept => _kept;

    /// <summary>Those kept in words, and how many more there are.</summary>
    public IEnumerable<string> Lines => _kept.Select(static problem => problem.ToString()).Concat(Count > _kept.Count ? [$"And {Count - _kept.Count} more rows are wrong."] : []);

    public void Add(string file, long line, string message)
    {
        Count++;
        if (_kept.Count < MostKept)
        {
            _kept.Add(new DatasetProblem(file, line, message));
        }
    }
}
