using System.Globalization;
using MathNet.Numerics;

namespace ModelMigrate.Core.Plans;

/// <summary>What a forecast assumes of a route's traffic, and where it has that from.</summary>
public sealed record Traffic
{
    /// <summary>Spread of the natural logarithm of latency that is assumed when nobody says another: p95 about 3.2 times the median.</summary>
    public const double UsualSigma = 0.7;

    /// <summary>Spread of the difference of two scores that is assumed when nobody says another.</summary>
    public const double UsualQualitySpread = 0.25;

    /// <summary>Requests of the route a second.</summary>
    public required double Rate { get; init; }

    /// <summary>Share of requests that fail on the source, 0 to 1.</summary>
    public required double ErrorRate { get; init; }

    /// <summary>The median of total latency in milliseconds, or null when unknown; gates compare arms and need only the spread.</summary>
    public double? LatencyP50Ms { get; init; }

    /// <summary>Standard deviation of the natural logarithm of latency.</summary>
    public double LatencySigma { get; init; } = UsualSigma;

    /// <summary>Mean quality score of the source's answers, 0 to 1.</summary>
    public double Quality { get; init; } = 0.8;

    /// <summary>Standard deviation of the difference of two scores of one pair when the models are equally good.</summary>
    public double QualitySpread { get; init; } = UsualQualitySpread;

    /// <summary>Share of requests that carry a score, 0 to 1.</summary>
    public double QualityShare { get; init; } = 1;

    /// <summary>Where the figures are from, to be said beside every result.</summary>
    public required string Label { get; init; }

    /// <summary>The rate in words.</summary>
    internal string RateText => string.Create(CultureInfo.InvariantCulture, $"{Rate:0.###} request{(Rate is 1 ? "" : "s")}/s");

    /// <summary>Sigma of a lognormal latency with this median and this higher quantile.</summary>
    public static double SigmaOf(double median, double slow, double quantile = 0.95) => Math.Log(slow / median) / Exceeded(1 - quantile);

    /// <summary>Share of lognormal latencies above a threshold in milliseconds; null when the median is unknown.</summary>
    public double? ShareSlowerThan(double milliseconds) =>
        LatencyP50Ms is not { } median ? null
        : milliseconds <= 0 ? 1
        : LatencySigma <= 0 ? (median > milliseconds ? 1 : 0)
        : UpperTail(Math.Log(milliseconds / median) / LatencySigma);

    /// <summary>P(Z &gt; z) of a standard normal.</summary>
    internal static double UpperTail(double z) => 0.5 * SpecialFunctions.Erfc(z / Math.Sqrt(2));

    /// <summary>The z that a share of a standard normal exceeds.</summary>
    internal static double Exceeded(double share) => Math.Sqrt(2) * SpecialFunctions.ErfcInv(2 * share);
}
