namespace ModelMigrate.Benchmarks.Rollouts.Results;

/// <summary>Wilson's 95 % interval for a proportion (Wilson 1927).</summary>
internal static class Wilson
{
    private const double Z = 1.959963984540054;

    public static (double Low, double High) Interval(int count, int of)
    {
        if (of == 0)
        {
            return (0, 1);
        }

        var p = count / (double)of;
        var centre = p + (Z * Z / (2 * of));
        var half = Z * Math.Sqrt((p * (1 - p) / of) + (Z * Z / (4.0 * of * of)));
        var scale = 1 + (Z * Z / of);
        return (Math.Max(0, (centre - half) / scale), Math.Min(1, (centre + half) / scale));
    }
}
