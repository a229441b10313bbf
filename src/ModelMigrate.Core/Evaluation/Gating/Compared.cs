using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Core.Evaluation.Gating;

/// <summary>Both arms by one metric, ready to be asked.</summary>
internal sealed record Compared
{
    public required MetricDirection Direction { get; init; }

    /// <summary>Cases that both arms have.</summary>
    public required long Pairs { get; init; }

    public required long Cases { get; init; }

    public required double Source { get; init; }

    public required double Target { get; init; }

    /// <summary>The worst score there is; null when there is none or it is not known.</summary>
    public required double? Worst { get; init; }

    /// <summary>Whether each score is 0 or 1, and what varies therefore the share of pairs that differ.</summary>
    public bool IsYesNo { get; init; }

    /// <summary>What they say of the gain, with a relative margin in it or 0.</summary>
    public required Func<double, PairedInference> Infer { get; init; }

    public static Compared Of(PairedScores scores, GateOptions options) => new()
    {
        Direction = scores.Direction,
        Pairs = scores.Pairs,
        Cases = scores.Cases,
        Source = scores.Value(ofTarget: false),
        Target = scores.Value(ofTarget: true),
        Worst = scores.Worst,
        IsYesNo = scores.YesNo is not null,
        Infer = share => PairedInference.Of(scores, share, options),
    };

    /// <summary>Of two values, each with its standard error, whose cases are not known to be the same.</summary>
    public static Compared OfApart(MetricFigures metric, (double Value, double Error) source, (double Value, double Error) target, long pairs, long cases) => new()
    {
        Direction = metric.Direction,
        Pairs = pairs,
        Cases = cases,
        Source = source.Value,
        Target = target.Value,
        Worst = metric.Worst,
        Infer = share => PairedInference.OfApart(source.Value, source.Error, target.Value, target.Error, metric.Direction, share, pairs),
    };
}
