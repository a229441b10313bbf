using System.Runtime.InteropServices;

namespace ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;

/// <summary>Count, sum and sum of squares.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Moments
{
    public double N;
    public double Sum;
    public double Squares;

    public readonly double Mean => Sum / N;

    /// <summary>Unbiased.</summary>
    public readonly double Variance => N > 1 ? Math.Max(0, (Squares - (Sum * Sum / N)) / (N - 1)) : double.NaN;

    public void Add(double value)
    {
        N++;
        Sum += value;
        Squares += value * value;
    }

    public void Add(in Moments other)
    {
        N += other.N;
        Sum += other.Sum;
        Squares += other.Squares;
    }
}
