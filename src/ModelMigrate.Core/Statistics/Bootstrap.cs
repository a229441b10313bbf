namespace ModelMigrate.Core.Statistics;

/// <summary>
/// The paired bootstrap: cases are drawn with replacement, both arms of a case together. Intervals are BCa: corrected for bias and skew (Efron 1987). The
/// same seed gives the same numbers on every machine.
/// </summary>
public sealed class Bootstrap
{
    private readonly double[] _sorted;
    private readonly double _bias;
    private readonly double _acceleration;

    private Bootstrap(double estimate, double[] sorted, double acceleration, uint seed)
    {
        (Estimate, _sorted, _acceleration, Seed) = (estimate, sorted, acceleration, seed);
        double below = 0;
        foreach (var each in sorted)
        {
            below += each < estimate ? 1 : each == estimate ? 0.5 : 0;
        }

        // Never certain: an estimate beyond all draws would have an infinite correction.
        _bias = Normal.Quantile(Math.Clamp(below / sorted.Length, 0.5 / sorted.Length, 1 - (0.5 / sorted.Length)));
    }

    /// <summary>The value of all cases.</summary>
    public double Estimate { get; }

    public uint Seed { get; }

    public int Rounds => _sorted.Length;

    /// <summary>Standard deviation of the draws.</summary>
    public double StandardError => MeanEstimate.Of(_sorted).StandardError * Math.Sqrt(Rounds);

    /// <summary>Draws and recomputes; at least one row and two rounds.</summary>
    public static Bootstrap Of(CountTable table, uint seed, int rounds = 10_000)
    {
        if (table.Rows == 0)
        {
            throw new ArgumentException("There are no cases to draw from.", nameof(table));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 2);
        var values = new double[rounds];
        var sums = new double[table.Width];
        for (var round = 0; round < rounds; round++)
        {
            var draws = SeededDraws.Of(seed, question: 0, round);
            Array.Clear(sums);
            for (var i = 0; i < table.Rows; i++)
            {
                table.Add(draws.Below(table.Rows), sums);
            }

            values[round] = table.Value(sums);
        }

        Array.Sort(values);
        var all = table.Sums();
        return new Bootstrap(table.Value(all), values, Acceleration(table, all), seed);
    }

    /// <summary>The two-sided BCa interval.</summary>
    public Interval At(double confidence = 0.95) => new(Quantile((1 - confidence) / 2), Quantile((1 + confidence) / 2));

    /// <summary>The lower and the upper bound of which each alone holds with this confidence.</summary>
    public Interval OneSided(double confidence = 0.95) => At((2 * confidence) - 1);

    /// <summary>Two-sided p for no difference: how often the draws, moved to their own mean, lie as far out as the estimate; (c + 1) / (rounds + 1) as sacrebleu.</summary>
    public double PValue()
    {
        var (mean, beyond) = (MeanEstimate.Of(_sorted).Mean, 0);
        foreach (var each in _sorted)
        {
            beyond += Math.Abs(each - mean) >= Math.Abs(Estimate) ? 1 : 0;
        }

        return (beyond + 1.0) / (Rounds + 1);
    }

    /// <summary>One-sided p that the value is at most this: the level at which the lower BCa bound would lie there. Never below half a draw.</summary>
    public double PAbove(double value) => Level(value);

    /// <summary>One-sided p that the value is at least this.</summary>
    public double PBelow(double value) => 1 - Level(value);

    private double Level(double value)
    {
        double below = 0;
        foreach (var each in _sorted)
        {
            below += each < value ? 1 : each == value ? 0.5 : 0;
        }

        var distance = Normal.Quantile(Math.Clamp(below / Rounds, 0.5 / Rounds, 1 - (0.5 / Rounds))) - _bias;
        // The other way round of what Quantile does.
        return Normal.Cumulative((distance / (1 + (_acceleration * distance))) - _bias);
    }

    private double Quantile(double probability)
    {
        var moved = _bias + Normal.Quantile(probability);
        var corrected = Normal.Cumulative(_bias + (moved / (1 - (_acceleration * moved))));
        var at = corrected * (Rounds - 1);
        var low = (int)Math.Floor(at);
        return low >= Rounds - 1 ? _sorted[^1] : _sorted[low] + ((at - low) * (_sorted[low + 1] - _sorted[low]));
    }

    /// <summary>Skew of the values with one case left out each.</summary>
    private static double Acceleration(CountTable table, double[] sums)
    {
        if (table.Rows < 2)
        {
            return 0;
        }

        var without = new double[table.Rows];
        var others = new double[table.Width];
        for (var row = 0; row < table.Rows; row++)
        {
            sums.CopyTo(others, 0);
            table.Add(row, others, times: -1);
            without[row] = table.Value(others);
        }

        var mean = MeanEstimate.Of(without).Mean;
        var (squares, cubes) = (0.0, 0.0);
        foreach (var each in without)
        {
            var distance = mean - each;
            (squares, cubes) = (squares + (distance * distance), cubes + (distance * distance * distance));
        }

        return squares > 0 ? cubes / (6 * Math.Pow(squares, 1.5)) : 0;
    }
}
