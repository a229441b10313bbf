using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Control.Evaluation.Pairing;

/// <summary>What one arm reaches by one metric, added up row by row. Owned by one reading.</summary>
internal sealed class ArmReading(AnswerMetric metric)
{
    private readonly RunningMean _mean = new();
    private readonly double[]? _sums = metric.Corpus is { } corpus ? new double[corpus.Width] : null;
    private long _missing;
    private long _ones;
    private bool _isYesNo = true;

    public void Add(double? value, ReadOnlySpan<double> counts)
    {
        if (value is not { } score)
        {
            _missing++;
            return;
        }

        _mean.Add(score);
        _ones += score == 1 ? 1 : 0;
        _isYesNo &= score is 0 or 1;
        for (var i = 0; i < counts.Length; i++)
        {
            _sums![i] += counts[i];
        }
    }

    public ArmFigures Figures()
    {
        var estimate = _mean.Estimate;
        var isCorpus = _sums is not null;
        var interval = _isYesNo ? Wilson.Of(_ones, _mean.Count) : estimate.At();
        var isKnown = _mean.Count > 0;
        return new ArmFigures
        {
            Cases = _mean.Count,
            Missing = _missing,
            Mean = Known(estimate.Mean),
            StandardError = Known(estimate.StandardError),
            Low = isKnown && !isCorpus ? Known(Math.Max(interval.Low, metric.Definition.Low)) : null,
            High = isKnown && !isCorpus ? Known(Math.Min(interval.High, metric.Definition.High)) : null,
            Corpus = isKnown && isCorpus ? Known(metric.Corpus!.Corpus(_sums!)) : null,
        };
    }

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}
