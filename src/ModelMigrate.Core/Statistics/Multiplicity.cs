namespace ModelMigrate.Core.Statistics;

/// <summary>p-values of several questions, adjusted so that each may be held against the level of all. In the order in which they are given.</summary>
public static class Multiplicity
{
    /// <summary>Bounds the chance of any false answer (Holm 1979): for metrics that gate.</summary>
    public static IReadOnlyList<double> Holm(IReadOnlyList<double> p)
    {
        var (adjusted, largest) = (new double[p.Count], 0.0);
        foreach (var (i, rank) in Ranked(p))
        {
            largest = Math.Max(largest, Math.Min(1, (p.Count - rank) * p[i]));
            adjusted[i] = largest;
        }

        return adjusted;
    }

    /// <summary>Bounds the share of false answers among those given (Benjamini and Hochberg 1995): for slices that are explored.</summary>
    public static IReadOnlyList<double> BenjaminiHochberg(IReadOnlyList<double> p)
    {
        var (adjusted, smallest) = (new double[p.Count], 1.0);
        foreach (var (i, rank) in Ranked(p).Reverse())
        {
            smallest = Math.Min(smallest, p.Count * p[i] / (rank + 1));
            adjusted[i] = smallest;
        }

        return adjusted;
    }

    /// <summary>Places from the smallest p on, with their rank from 0.</summary>
    private static IEnumerable<(int Place, int Rank)> Ranked(IReadOnlyList<double> p) =>
        Enumerable.Range(0, p.Count).OrderBy(i => p[i]).Select((place, rank) => (place, rank));
}
