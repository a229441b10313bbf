namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>Rows that come out together: one, or all of a test that compares its rows. Each is put in once, by whoever asked it; the last to come finishes it.</summary>
internal sealed class RowGroup(IReadOnlyList<PromptfooRow> asked)
{
    private readonly PromptfooRow[] _rows = [.. asked];
    private int _left = asked.Count;

    public IReadOnlyList<PromptfooRow> Rows => _rows;

    /// <summary>Its rows, once they are finished.</summary>
    public TaskCompletionSource<IReadOnlyList<PromptfooRow>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether that was the last one.</summary>
    public bool Put(int at, PromptfooRow row)
    {
        _rows[at] = row;
        return Interlocked.Decrement(ref _left) == 0;
    }
}
