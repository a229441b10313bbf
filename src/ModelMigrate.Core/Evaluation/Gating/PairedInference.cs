using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Core.Evaluation.Gating;

/// <summary>
/// What pairs say of a gain: how much better the target is, in the metric's direction. With a relative margin the gain is target − (1 − margin) · source, so that the
/// source's value may itself be uncertain.
/// </summary>
/// <param name="Method">For reports.</param>
/// <param name="Gain">The estimate.</param>
/// <param name="Variance">Of one case; a corpus value's, of one case's part in it.</param>
/// <param name="PAbove">One-sided p that the gain is at most a value.</param>
/// <param name="PBelow">One-sided p that the gain is at least a value.</param>
/// <param name="At">The two-sided interval of a confidence.</param>
internal sealed record PairedInference(
    string Method, double Gain, double Variance, Func<double, double> PAbove, Func<double, double> PBelow, Func<double, Interval> At)
{
    /// <summary>Above as many cases the mean of differences is normal enough, and drawing them slow.</summary>
    private const int MostDrawn = 2000;

    /// <summary>Of more rows of a corpus neighbours are drawn together, as if they were of one cluster: a million rows take no longer than these.</summary>
    private const int MostDrawnOfCorpus = 5000;

    /// <summary>With fewer pairs that differ, their spread says little of what was not seen.</summary>
    private const int FewDiffer = 10;

    public Interval OneSided(double confidence) => At((2 * confidence) - 1);

    /// <summary>At least one pair. <paramref name="share"/>: the relative margin, or 0.</summary>
    public static PairedInference Of(PairedScores scores, double share, GateOptions options)
    {
        var sign = scores.Direction == MetricDirection.LowerIsBetter ? -1 : 1;
        if (share == 0 && scores.YesNo is var (onlySource, onlyTarget))
        {
            return OfShares(sign > 0 ? new PairedShares(onlySource, onlyTarget, scores.Pairs) : new PairedShares(onlyTarget, onlySource, scores.Pairs));
        }

        if (scores.Corpus is not null)
        {
            return OfCorpus(scores, sign, share, options);
        }

        var (source, target) = scores.Values();
        var gains = new double[source.Length];
        var (better, worse) = (0L, 0L);
        for (var i = 0; i < gains.Length; i++)
        {
            var gain = sign * (target[i] - source[i]);
            (better, worse) = (better + (gain > 0 ? 1 : 0), worse + (gain < 0 ? 1 : 0));
            gains[i] = gain + (share * source[i]);
        }

        var spread = MeanEstimate.Of(gains);
        var variance = spread.StandardError * spread.StandardError * gains.Length;
        if (scores.HasClusters)
        {
            var clustered = MeanEstimate.Clustered(gains, scores.Clusters);
            return OfMean("paired t by clusters", clustered, clustered.StandardError * clustered.StandardError * gains.Length);
        }

        var plain = gains.Length > MostDrawn ? OfMean("paired t", spread, variance) : OfDraws("paired bootstrap, BCa", CountTable.OfDifferences(gains), variance, options);
        return better + worse < FewDiffer && double.IsFinite(scores.Range)
            ? plain.AtLeastAsWide(better, worse, gains.Length, scores.Range, share * scores.Value(ofTarget: false))
            : plain;
    }

    /// <summary>
    /// Of two values whose cases are not known to be the same: standard errors add as if they were not, which is too wide where they are. <paramref name="cases"/>: of
    /// the smaller arm.
    /// </summary>
    public static PairedInference OfApart(double source, double sourceError, double target, double targetError, MetricDirection direction, double share, long cases)
    {
        var sign = direction == MetricDirection.LowerIsBetter ? -1 : 1;
        var gain = (sign * (target - source)) + (share * source);
        var factor = share - sign;
        var error = Math.Sqrt((targetError * targetError) + (factor * factor * sourceError * sourceError));
        // As many degrees of freedom as one arm has: fewer than there are.
        var mean = new MeanEstimate { Count = cases, Mean = gain, StandardError = error, DegreesOfFreedom = Math.Max(0, cases - 1) };
        return OfMean("not paired, t", mean, error * error * cases);
    }

    private static PairedInference OfShares(PairedShares shares)
    {
        var differing = (shares.OnlyFirst + shares.OnlySecond) / (double)shares.Cases;
        return new PairedInference(
            "paired shares, Tango", shares.Difference, differing - (shares.Difference * shares.Difference), shares.PAbove, shares.PBelow, shares.At);
    }

    private static PairedInference OfMean(string method, MeanEstimate mean, double variance) =>
        new(method, mean.Mean, variance, mean.PAbove, mean.PBelow, mean.At);

    private static PairedInference OfDraws(string method, CountTable table, double variance, GateOptions options)
    {
        var drawn = Bootstrap.Of(table, options.Seed, options.Rounds);
        return new PairedInference(method, drawn.Estimate, variance, drawn.PAbove, drawn.PBelow, drawn.At);
    }

    /// <summary>Cases of one cluster are drawn together: their counts are one row.</summary>
    private static PairedInference OfCorpus(PairedScores scores, int sign, double share, GateOptions options)
    {
        var corpus = scores.Corpus!;
        var width = corpus.Width;
        var counts = scores.HasClusters ? Joined(scores.Counts, scores.Clusters, 2 * width)
            : scores.Pairs > MostDrawnOfCorpus ? Joined(scores.Counts, Neighbours((int)scores.Pairs), 2 * width)
            : scores.Counts.ToArray();
        var table = CountTable.Of(counts, 2 * width, sums =>
        {
            var source = corpus.Corpus(sums[..width]);
            return (sign * (corpus.Corpus(sums[width..]) - source)) + (share * source);
        });
        var drawn = Bootstrap.Of(table, options.Seed, options.Rounds);
        var variance = drawn.StandardError * drawn.StandardError * scores.Pairs;
        return new PairedInference(
            scores.HasClusters ? "paired bootstrap of corpus values by clusters, BCa" : "paired bootstrap of corpus values, BCa",
            drawn.Estimate, variance, drawn.PAbove, drawn.PBelow, drawn.At);
    }

    private static int[] Neighbours(int rows) => [.. Enumerable.Range(0, rows).Select(row => (int)((long)row * MostDrawnOfCorpus / rows))];

    private static double[] Joined(ReadOnlySpan<double> counts, ReadOnlySpan<int> clusters, int width)
    {
        var largest = -1;
        foreach (var cluster in clusters)
        {
            largest = Math.Max(largest, cluster);
        }

        var joined = new double[(largest + 1) * width];
        for (var row = 0; row < clusters.Length; row++)
        {
            for (var i = 0; i < width; i++)
            {
                joined[(clusters[row] * width) + i] += counts[(row * width) + i];
            }
        }

        return joined;
    }

    /// <summary>
    /// Every pair that got worse counts as having lost the whole range, and for the upper bound every better one as having won it: what a few pairs that differ, or none,
    /// leave open.
    /// </summary>
    private PairedInference AtLeastAsWide(long better, long worse, long cases, double range, double moved)
    {
        var (lost, won) = (new PairedShares(worse, 0, cases), new PairedShares(0, better, cases));
        return this with
        {
            Method = $"{Method}; few pairs differ, so each as by the whole range",
            PAbove = value => Math.Max(PAbove(value), lost.PAbove((value - moved) / range)),
            PBelow = value => Math.Max(PBelow(value), won.PBelow((value - moved) / range)),
            At = confidence =>
            {
                var (low, high) = (At(confidence).Low, At(confidence).High);
                return new Interval(Math.Min(low, (lost.At(confidence).Low * range) + moved), Math.Max(high, (won.At(confidence).High * range) + moved));
            },
        };
    }
}
