namespace ModelMigrate.Core.Statistics;

/// <summary>How far raters agree beyond what chance alone would give: 1 always, 0 as by chance, below 0 less than that. NaN where chance alone agrees always.</summary>
public static class Agreement
{
    /// <summary>Cohen's kappa of two raters who put each case into a category (Cohen 1960): (p_o − p_e) / (1 − p_e).</summary>
    public static double Kappa(IReadOnlyCollection<(int First, int Second)> cases)
    {
        double n = cases.Count;
        var seen = cases.Count(static pair => pair.First == pair.Second) / n;
        var second = cases.CountBy(static pair => pair.Second).ToDictionary();
        var chance = cases.CountBy(static pair => pair.First).Sum(first => first.Value / n * (second.GetValueOrDefault(first.Key) / n));
        return cases.Count == 0 || chance >= 1 ? double.NaN : (seen - chance) / (1 - chance);
    }

    /// <summary>
    /// Krippendorff's alpha of any number of raters, none of whom needs to have rated every case: 1 − D_o / D_e (Krippendorff 2011, "Computing Krippendorff's
    /// Alpha-Reliability"). Cases with a single rating say nothing and are left out.
    /// </summary>
    /// <param name="cases">The ratings of each case.</param>
    /// <param name="areNumbers">Whether ratings differ by their squared distance; else any two unlike ones differ alike.</param>
    public static double Alpha(IEnumerable<IReadOnlyList<double>> cases, bool areNumbers)
    {
        var all = new List<double>();
        var within = 0.0;
        foreach (var ratings in cases.Where(static ratings => ratings.Count > 1))
        {
            all.AddRange(ratings);
            within += Differences(ratings, areNumbers) / (ratings.Count - 1);
        }

        var between = all.Count > 1 ? Differences(all, areNumbers) / (all.Count - 1) : 0;
        return between > 0 ? 1 - (within / between) : double.NaN;
    }

    /// <summary>Summed over all ordered pairs.</summary>
    private static double Differences(IReadOnlyList<double> ratings, bool areNumbers)
    {
        double n = ratings.Count;
        if (!areNumbers)
        {
            return (n * n) - ratings.CountBy(static rating => rating).Sum(static same => (double)same.Value * same.Value);
        }

        // Σ_i Σ_j (a_i − a_j)² = 2n Σ (a_i − mean)²: no difference of two large numbers.
        var mean = ratings.Average();
        return 2 * n * ratings.Sum(rating => (rating - mean) * (rating - mean));
    }
}
