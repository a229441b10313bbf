namespace ModelMigrate.Core.Promptfoo.Asserting;

/// <summary>Sums grades: the weighted mean of the scores, and whether they pass together. Owned by one grading.</summary>
internal sealed class Tally(double? threshold, PromptfooMode mode)
{
    private readonly List<Grade> _grades = [];
    private readonly SortedDictionary<string, double> _sums = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, double> _weights = new(StringComparer.Ordinal);
    private double _sum;
    private double _weight;
    private string? _failed;
    private string? _error;

    public void Add(Grade grade, double weight, string? metric)
    {
        _grades.Add(grade);
        _sum += grade.Score * weight;
        _weight += weight;
        if (metric is { Length: > 0 })
        {
            Name(metric, grade.Score, weight);
        }

        foreach (var (name, score) in grade.NamedScores)
        {
            if (name != metric)
            {
                Name(name, score, weight * grade.NamedWeights[name]);
            }
        }

        _failed = grade.Pass ? _failed : grade.Reason;
        _error ??= grade.Error;
    }

    public Grade Sum()
    {
        var score = _weight > 0 ? _sum / _weight : 0;
        var (pass, reason) = (_failed is null, _failed ?? "All assertions passed");

        // A threshold of 0 would pass whatever failed: only promptfoo's own rules follow it.
        if (threshold is { } least && (mode == PromptfooMode.Compat || least > 0))
        {
            pass = score >= least;
            reason = $"The score {AssertionInput.Shown(score)} is {(pass ? "at least" : "below")} the threshold {AssertionInput.Shown(least)}{(pass || _failed is null ? "" : $"; {_failed}")}";
        }

        return new Grade
        {
            Pass = pass && _error is null,
            Score = score,
            Reason = _error ?? reason,
            Error = _error,
            NamedScores = _sums.ToDictionary(static pair => pair.Key, pair => _weights[pair.Key] > 0 ? pair.Value / _weights[pair.Key] : 0, StringComparer.Ordinal),
            NamedWeights = new Dictionary<string, double>(_weights, StringComparer.Ordinal),
            Components = [.. _grades.SelectMany(static grade => grade.Components.Prepend(grade))],
        };
    }

    private void Name(string metric, double score, double weight)
    {
        _sums[metric] = _sums.GetValueOrDefault(metric) + (score * weight);
        _weights[metric] = _weights.GetValueOrDefault(metric) + weight;
    }
}
