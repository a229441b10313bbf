using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Control.Evaluation.Importing.Matching;

/// <summary>All scores of both runs by one metric.</summary>
internal sealed class ScoreColumn
{
    private readonly IReadOnlyList<MatchedCase> _cases;

    public ScoreColumn(PairedMetric metric, CaseMatch match)
    {
        var cases = match.Cases;
        (Metric, _cases) = (metric, cases);
        Source = [.. cases.Select(each => each.Source?.Scores.GetValueOrDefault(metric.Id))];
        Target = [.. cases.Select(each => each.Target?.Scores.GetValueOrDefault(metric.Id))];
        Pairs = new PairedScores(metric.Id, metric.Source.Signature, metric.Target.Signature, metric.Direction) { Range = metric.Range };
        var (source, target) = (new List<double?>(), new List<double?>());
        for (var i = 0; i < cases.Count; i++)
        {
            if (cases[i].Has(metric.Id))
            {
                Pairs.Add(Source[i], Target[i], match.HasClusters ? cases[i].Subject : null);
                source.Add(Source[i]);
                target.Add(Target[i]);
            }
        }

        (SourceFigures, TargetFigures) = (Figures(source, metric.Range), Figures(target, metric.Range));
    }

    public PairedMetric Metric { get; }

    /// <summary>In the order of the cases; null where there is no score, or the metric does not belong to the case.</summary>
    public IReadOnlyList<double?> Source { get; }

    public IReadOnlyList<double?> Target { get; }

    public PairedScores Pairs { get; }

    public ArmFigures SourceFigures { get; }

    public ArmFigures TargetFigures { get; }

    /// <summary>Cases in which the target's score is the worse one, when the metric is a gate.</summary>
    public IEnumerable<(double Loss, WorstCase Case)> Lost()
    {
        var sign = Metric.Direction == MetricDirection.LowerIsBetter ? -1 : 1;
        var unit = double.IsFinite(Metric.Range) ? Metric.Range : 1;
        for (var i = 0; i < _cases.Count && Metric.Gate is not null; i++)
        {
            if (Source[i] is { } before && Target[i] is { } after && sign * (before - after) is var loss and > 0)
            {
                var (source, target) = (_cases[i].Source!, _cases[i].Target!);
                yield return (loss / unit, new WorstCase
                {
                    Sample = _cases[i].Name, Metric = Metric.Id, SourceScore = before, TargetScore = after,
                    Prompt = target.Asked, Expected = target.Expected, SourceAnswer = source.Answer, TargetAnswer = target.Answer,
                });
            }
        }
    }

    /// <summary>Wilson's interval where every score is 0 or 1, else Student's.</summary>
    public static ArmFigures Figures(IReadOnlyList<double?> scores, double range)
    {
        double[] known = [.. scores.OfType<double>()];
        var estimate = MeanEstimate.Of(known);
        var interval = known.All(static score => score is 0 or 1) ? Wilson.Of(known.LongCount(static score => score == 1), known.Length) : estimate.At();
        return new ArmFigures
        {
            Cases = known.Length,
            Missing = scores.Count - known.Length,
            Mean = Known(estimate.Mean),
            StandardError = Known(estimate.StandardError),
            Low = known.Length > 0 ? Known(range == 1 ? Math.Max(0, interval.Low) : interval.Low) : null,
            High = known.Length > 0 ? Known(range == 1 ? Math.Min(1, interval.High) : interval.High) : null,
        };
    }

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}
