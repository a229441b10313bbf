namespace ModelMigrate.Core.Statistics;

/// <summary>
/// The difference of two shares over the same cases, (second − first) / n, with Tango's score interval (Statistics in Medicine 17, 1998): also right when
/// few pairs differ, or none.
/// </summary>
/// <param name="OnlyFirst">Cases in which only the first succeeds.</param>
/// <param name="OnlySecond">Cases in which only the second does.</param>
/// <param name="Cases">All cases.</param>
public sealed record PairedShares(long OnlyFirst, long OnlySecond, long Cases)
{
    private const int Halvings = 60;

    public double Difference => (OnlySecond - OnlyFirst) / (double)Cases;

    /// <summary>The two-sided interval; −1 to 1 without any case.</summary>
    public Interval At(double confidence = 0.95)
    {
        if (Cases == 0)
        {
            return new Interval(-1, 1);
        }

        var z = Normal.Quantile((1 + confidence) / 2);
        return new Interval(Bound(-1, Difference, z), Bound(Difference, 1, -z));
    }

    /// <summary>The lower and the upper bound of which each alone holds with this confidence.</summary>
    public Interval OneSided(double confidence = 0.95) => At((2 * confidence) - 1);

    /// <summary>One-sided p that the difference is at most this: small when it is shown to be above. Its level is where the bound of <see cref="OneSided"/> lies.</summary>
    public double PAbove(double difference) => Normal.Cumulative(-Statistic(difference));

    /// <summary>One-sided p that the difference is at least this: small when it is shown to be below.</summary>
    public double PBelow(double difference) => Normal.Cumulative(Statistic(difference));

    // Nothing seen on either side of what is asked says nothing.
    private double Statistic(double difference) => Cases == 0 || Difference == difference ? 0 : Score(difference);

    /// <summary>Where the score statistic, which falls with the difference, passes z.</summary>
    private double Bound(double low, double high, double z)
    {
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Score(middle) > z ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    private double Score(double difference)
    {
        double n = Cases, second = OnlySecond, first = OnlyFirst;
        var a = 2 * n;
        var b = -second - first + (((2 * n) - second + first) * difference);
        var c = -first * difference * (1 - difference);
        // Rounding may leave a discriminant just below 0 at the ends.
        var share = (Math.Sqrt(Math.Max(0, (b * b) - (4 * a * c))) - b) / (2 * a);
        var variance = n * ((2 * share) + (difference * (1 - difference)));
        var distance = second - first - (n * difference);
        return variance > 0 ? distance / Math.Sqrt(variance) : double.PositiveInfinity * Math.Sign(distance);
    }
}
