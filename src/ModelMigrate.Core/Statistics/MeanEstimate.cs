using MathNet.Numerics.Distributions;

namespace ModelMigrate.Core.Statistics;

/// <summary>A mean and how well it is known: by the standard deviation over √n, or by clusters. Of paired scores, the mean of their differences.</summary>
public sealed record MeanEstimate
{
    /// <summary>How many values.</summary>
    public required long Count { get; init; }

    /// <summary>NaN without any value.</summary>
    public required double Mean { get; init; }

    /// <summary>Standard error of the mean; NaN with fewer than two values, or clusters.</summary>
    public required double StandardError { get; init; }

    /// <summary>Of Student's t: n − 1, or clusters − 1.</summary>
    public required long DegreesOfFreedom { get; init; }

    /// <summary>SE = sd / √n.</summary>
    public static MeanEstimate Of(ReadOnlySpan<double> values)
    {
        var running = new RunningMean();
        foreach (var value in values)
        {
            running.Add(value);
        }

        return running.Estimate;
    }

    /// <summary>
    /// For values that belong together, such as questions about one text: Var = C / (C − 1) · Σ_c (Σ_i (x_ci − mean))² / n² (Miller 2024, arXiv 2411.00640).
    /// <paramref name="clusters"/>: the cluster of each value.
    /// </summary>
    public static MeanEstimate Clustered(ReadOnlySpan<double> values, ReadOnlySpan<int> clusters)
    {
        if (values.Length != clusters.Length)
        {
            throw new ArgumentException("Every value needs its cluster.", nameof(clusters));
        }

        var mean = Of(values).Mean;
        var sums = new Dictionary<int, double>();
        for (var i = 0; i < values.Length; i++)
        {
            sums[clusters[i]] = sums.GetValueOrDefault(clusters[i]) + values[i] - mean;
        }

        double count = sums.Count, n = values.Length;
        var variance = count > 1 ? count / (count - 1) * sums.Values.Sum(static sum => sum * sum) / (n * n) : double.NaN;
        return new() { Count = values.Length, Mean = mean, StandardError = Math.Sqrt(variance), DegreesOfFreedom = sums.Count - 1 };
    }

    /// <summary>The two-sided interval of Student's t; NaN where there is no standard error.</summary>
    public Interval At(double confidence = 0.95)
    {
        var half = Quantile((1 + confidence) / 2) * StandardError;
        return new Interval(Mean - half, Mean + half);
    }

    /// <summary>The lower and the upper bound of which each alone holds with this confidence.</summary>
    public Interval OneSided(double confidence = 0.95) => At((2 * confidence) - 1);

    /// <summary>One-sided p that the mean is at most this; 1 where there is no standard error.</summary>
    public double PAbove(double value) => P(Mean - value);

    /// <summary>One-sided p that the mean is at least this; 1 where there is no standard error.</summary>
    public double PBelow(double value) => P(value - Mean);

    private double P(double distance) => DegreesOfFreedom <= 0 || double.IsNaN(StandardError) ? 1
        : StandardError == 0 ? distance > 0 ? 0 : distance < 0 ? 1 : 0.5
        : StudentT.CDF(0, 1, DegreesOfFreedom, -distance / StandardError);

    private double Quantile(double probability) => DegreesOfFreedom > 0 ? StudentT.InvCDF(0, 1, DegreesOfFreedom, probability) : double.NaN;
}
