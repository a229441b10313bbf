using MathNet.Numerics;

namespace ModelMigrate.Core.Statistics;

/// <summary>
/// Random draws that depend on the seed alone, on every machine and runtime: SplitMix64 (Steele, Lea and Flood 2014). For
/// simulations and for resampling; what decides a live migration draws nothing. Owned by one simulation or test.
/// </summary>
internal sealed class SeededDraws(ulong seed)
{
    private const double Unit = 1.0 / (1UL << 53);

    private const double LargestInverted = 30;

    private ulong _state = seed;
    private double? _spare;

    /// <summary>A stream of its own for the <paramref name="number"/>-th repetition of the <paramref name="question"/>-th question.</summary>
    public static SeededDraws Of(uint seed, int question, int number) =>
        new(Mix(((ulong)seed << 32) ^ ((ulong)(uint)question << 20) ^ (uint)number));

    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1).</summary>
    public double Share() => (Next() >> 11) * Unit;

    /// <summary>Uniform in 0 to <paramref name="count"/> − 1, by the high half of a product: biased by less than count / 2⁶⁴.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    public bool Happens(double probability) => Share() < probability;

    /// <summary>Time to the next of events that come with <paramref name="rate"/>.</summary>
    public double Gap(double rate) => -Math.Log(1 - Share()) / rate;

    /// <summary>Standard normal, by the polar method; every second one is free.</summary>
    public double Normal()
    {
        if (_spare is { } kept)
        {
            _spare = null;
            return kept;
        }

        while (true)
        {
            var x = (2 * Share()) - 1;
            var y = (2 * Share()) - 1;
            var square = (x * x) + (y * y);
            if (square is > 0 and < 1)
            {
                var scale = Math.Sqrt(-2 * Math.Log(square) / square);
                _spare = y * scale;
                return x * scale;
            }
        }
    }

    /// <summary>How many of events with that mean happen: by inversion, above 30 by Hörmann's transformed rejection (PTRS, 1993).</summary>
    public long Poisson(double mean) => mean <= LargestInverted ? Invert(mean) : Reject(mean);

    private long Invert(double mean)
    {
        var at = Share();
        var probability = Math.Exp(-mean);
        long count = 0;
        for (var sum = probability; at >= sum && probability > 0; sum += probability)
        {
            probability *= mean / ++count;
        }

        return count;
    }

    private long Reject(double mean)
    {
        var b = 0.931 + (2.53 * Math.Sqrt(mean));
        var a = -0.059 + (0.02483 * b);
        var inverseAlpha = 1.1239 + (1.1328 / (b - 3.4));
        var squeeze = 0.9277 - (3.6224 / (b - 2));
        while (true)
        {
            var u = Share() - 0.5;
            var v = Share();
            var us = 0.5 - Math.Abs(u);
            var count = Math.Floor((((2 * a / us) + b) * u) + mean + 0.43);
            if (us >= 0.07 && v <= squeeze)
            {
                return (long)count;
            }

            if (count >= 0 && (us >= 0.013 || v <= us)
                && Math.Log(v * inverseAlpha / ((a / (us * us)) + b)) <= (count * Math.Log(mean)) - mean - SpecialFunctions.GammaLn(count + 1))
            {
                return (long)count;
            }
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
