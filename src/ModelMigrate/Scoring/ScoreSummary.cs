using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Scoring;

/// <summary>What the scores of a file come to, added up as they come.</summary>
internal sealed class ScoreSummary(AnswerMetric metric)
{
    private readonly RunningMean _mean = new();
    private readonly double[]? _sums = metric.Corpus is { } corpus ? new double[corpus.Width] : null;
    private long _cases;
    private long _ones;
    private bool _isYesNo = true;
    private double _least = double.PositiveInfinity;
    private double _most = double.NegativeInfinity;

    public long Scored => _mean.Count;

    public void Add(ScoredLine line)
    {
        _cases++;
        if (line.Score.Value is not { } value)
        {
            return;
        }

        _mean.Add(value);
        _ones += value == 1 ? 1 : 0;
        _isYesNo &= value is 0 or 1;
        (_least, _most) = (Math.Min(_least, value), Math.Max(_most, value));
        for (var i = 0; line.Counts is { } counts && i < counts.Length; i++)
        {
            _sums![i] += counts[i];
        }
    }

    /// <summary>Numbers that there are not are null. The interval is Wilson's while every score is 0 or 1, else Student's t, cut at the metric's range; a corpus value needs a bootstrap.</summary>
    public object View()
    {
        var mean = _mean.Estimate;
        var interval = _isYesNo ? Wilson.Of(_ones, Scored) : mean.At();
        var isKnown = Scored > 0;
        var corpus = isKnown && _sums is not null ? Known(metric.Corpus!.Corpus(_sums)) : null;
        return new
        {
            Metric = metric.Definition.Id,
            metric.Definition.Version,
            metric.Signature,
            metric.Definition.Direction,
            Cases = _cases,
            Scored,
            Missing = _cases - Scored,
            Mean = Known(mean.Mean),
            StandardError = Known(mean.StandardError),
            Low95 = isKnown ? Known(Math.Max(interval.Low, metric.Definition.Low)) : null,
            High95 = isKnown ? Known(Math.Min(interval.High, metric.Definition.High)) : null,
            Least = Known(_least),
            Most = Known(_most),
            Corpus = corpus,
            CorpusX100 = metric.Definition.IsPercent ? 100 * corpus : null,
        };
    }

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}
