using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Pairing;

/// <summary>Puts the scores of one row together as they come: of each arm the mean over its repeats. Owned by one reading.</summary>
internal sealed class PairReading(AnswerMetric metric, long source)
{
    /// <summary>Rows that are shown side by side, at most.</summary>
    private const int MostWorst = 20;

    private readonly PairedScores _pairs = new(metric);
    private readonly ArmReading[] _arms = [new(metric), new(metric)];
    private readonly double[] _sums = new double[2];
    private readonly int[] _scored = new int[2];
    private readonly double[]?[] _counts = [null, null];
    private readonly List<(double?, double?)> _samples = [];
    private readonly List<string?> _texts = [];
    private readonly List<LostCase> _worst = [];
    private long _sample = -1;
    private string? _cluster;

    public void Take(long sample, long arm, double? value, double[]? counts, string? cluster)
    {
        if (sample != _sample)
        {
            End();
            (_sample, _cluster) = (sample, cluster);
        }

        var side = arm == source ? 0 : 1;
        if (value is not { } score)
        {
            return;
        }

        _sums[side] += score;
        _scored[side]++;
        if (counts is not null)
        {
            var sums = _counts[side] ??= new double[counts.Length];
            for (var i = 0; i < counts.Length; i++)
            {
                sums[i] += counts[i];
            }
        }
    }

    public MetricReading Read()
    {
        End();
        Sort();
        return new MetricReading(
            _pairs, _arms[0].Figures(), _arms[1].Figures(), _pairs.Cases <= SampleScores.Most ? _samples : [], _pairs.Cases <= SampleScores.Most ? _texts : [], [.. _worst.Take(MostWorst)]);
    }

    /// <summary>Hands the row over that was begun.</summary>
    private void End()
    {
        if (_sample < 0)
        {
            return;
        }

        var (first, second) = (Mean(0), Mean(1));
        var (firstCounts, secondCounts) = (Counts(0), Counts(1));
        _pairs.Add(first, second, _cluster, firstCounts, secondCounts);
        _arms[0].Add(first, firstCounts);
        _arms[1].Add(second, secondCounts);
        if (_pairs.Cases <= SampleScores.Most)
        {
            _samples.Add((first, second));
            if (metric.Corpus is not null)
            {
                _texts.Add(second is null ? null : SampleScores.Text(secondCounts));
            }
        }
        else
        {
            _samples.Clear();
            _texts.Clear();
        }

        if (first is { } before && second is { } after)
        {
            Lose(before, after);
        }

        _sums.AsSpan().Clear();
        _scored.AsSpan().Clear();
        _counts.AsSpan().Clear();
        _sample = -1;
    }

    private void Lose(double before, double after)
    {
        var range = metric.Definition.High - metric.Definition.Low;
        var loss = (metric.Definition.Direction == MetricDirection.LowerIsBetter ? after - before : before - after) / (double.IsFinite(range) ? range : 1);
        if (loss <= 0 || metric.Definition.Direction == MetricDirection.Neither)
        {
            return;
        }

        _worst.Add(new LostCase(_sample, loss, before, after));
        if (_worst.Count >= 64 * MostWorst)
        {
            Sort();
            _worst.RemoveRange(MostWorst, _worst.Count - MostWorst);
        }
    }

    private void Sort() => _worst.Sort(static (a, b) => b.Loss.CompareTo(a.Loss) is not 0 and var order ? order : a.Sample.CompareTo(b.Sample));

    private double? Mean(int side) => _scored[side] == 0 ? null : _sums[side] / _scored[side];

    private double[] Counts(int side)
    {
        if (metric.Corpus is null || _counts[side] is not { } sums)
        {
            return [];
        }

        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] /= _scored[side];
        }

        return sums;
    }
}
