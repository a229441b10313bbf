namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>What comes of many rows, without the rows. Owned by whoever adds them.</summary>
public sealed class PromptfooSums
{
    private readonly SortedDictionary<string, double> _named = new(StringComparer.Ordinal);

    public long Rows { get; private set; }

    public long Passed { get; private set; }

    public long Errors { get; private set; }

    public long Failed => Rows - Passed - Errors;

    /// <summary>Rows of tests without an assertion.</summary>
    public long Bare { get; private set; }

    /// <summary>Rows with an answer.</summary>
    public long Answered { get; private set; }

    /// <summary>Of the rows that were graded.</summary>
    public double Score { get; private set; }

    public double? MeanScore => Rows > Errors ? Score / (Rows - Errors) : null;

    public long AssertionsPassed { get; private set; }

    public long AssertionsFailed { get; private set; }

    /// <summary>Milliseconds.</summary>
    public double Latency { get; private set; }

    public long InputTokens { get; private set; }

    public long OutputTokens { get; private set; }

    /// <summary>US dollars, of what is known.</summary>
    public decimal Cost { get; private set; }

    /// <summary>Scores by name, summed.</summary>
    public IReadOnlyDictionary<string, double> NamedScores => _named;

    public void Add(PromptfooRow row)
    {
        Rows++;
        Passed += row.IsPass ? 1 : 0;
        Errors += row.Error is null ? 0 : 1;
        Bare += row.Test.Asserts.Count == 0 ? 1 : 0;
        Answered += row.Output is null ? 0 : 1;
        Latency += row.LatencyMs ?? 0;
        InputTokens += row.InputTokens ?? 0;
        OutputTokens += row.OutputTokens ?? 0;
        Cost += row.Cost ?? 0;
        if (row is not { Error: null, Grade: { } grade })
        {
            return;
        }

        Score += grade.Score;
        foreach (var component in grade.Components)
        {
            AssertionsPassed += component.Pass ? 1 : 0;
            AssertionsFailed += component.Pass ? 0 : 1;
        }

        foreach (var (name, score) in grade.NamedScores)
        {
            _named[name] = _named.GetValueOrDefault(name) + score;
        }
    }
}
