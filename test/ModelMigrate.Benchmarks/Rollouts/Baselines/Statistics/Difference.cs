using System.Runtime.InteropServices;
using ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;
using ModelMigrate.Core.Judging.Display;
using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Benchmarks.Rollouts.Baselines.Statistics;

/// <summary>
/// The difference target − source of one channel over many strata, weighted by h = m·n/(m + n). Failures: Mantel-Haenszel with Sato's
/// variance, as the product displays it; anything else: means, with one variance from within the strata.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct Difference(Channel channel)
{
    private const double LeastFailures = 5, LeastRequests = 30;

    private StratifiedDifference _failures;
    private double _events;
    private double _target;
    private double _source;
    private double _weight;
    private double _sum;
    private double _centred;
    private double _degrees;

    /// <summary>Requests of both arms.</summary>
    public readonly double Requests => _target + _source;

    /// <summary>Σh: the statistical information, up to the variance of one request.</summary>
    public readonly double Weight => _weight;

    public readonly double Estimate => channel == Channel.Errors ? _failures.Effect ?? 0 : _sum / _weight;

    /// <summary>Its standard error; not a number with too little to say.</summary>
    public readonly double StandardError =>
        _target < LeastRequests || _source < LeastRequests || _degrees < 1 ? double.NaN
        : channel != Channel.Errors ? Math.Sqrt(_centred / _degrees / _weight)
        : _events < LeastFailures ? double.NaN
        : _failures.StandardError;

    /// <summary>Adds a stratum; one without both arms compares nothing.</summary>
    public void Add(in Moments target, in Moments source)
    {
        if (target.N < 1 || source.N < 1)
        {
            return;
        }

        _target += target.N;
        _source += source.N;
        _events += target.Sum + source.Sum;
        var h = target.N * source.N / (target.N + source.N);
        _weight += h;
        _sum += h * (target.Mean - source.Mean);
        _centred += Centred(target) + Centred(source);
        _degrees += target.N + source.N - 2;
        if (channel == Channel.Errors)
        {
            _failures += StratifiedDifference.Of(new EventBlock((long)source.N, (long)source.Sum, (long)target.N, (long)target.Sum));
        }
    }

    private static double Centred(in Moments moments) => Math.Max(0, moments.Squares - (moments.Sum * moments.Sum / moments.N));
}
