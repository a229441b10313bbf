namespace ModelMigrate.Core.Judging.Processes;

/// <summary>
/// Bets on the mean of Z = t − ratio·s − delta over matched pairs of scores t of the target and s of the source in [0, 1]: a pair multiplies
/// the wealth of the bet λ by 1 + λZ (above) or 1 − λZ (below), λ a fixed share of the largest that cannot lose all (betting after
/// Waudby-Smith and Ramdas, arXiv 2010.09686). Under the null each factor has an expectation of at most 1 given the past, whatever the
/// distribution of the scores, so the mean of the wealths is an e-process.
/// </summary>
/// <remarks>
/// Scores stand on a grid of 33 levels; a cell is source level × 33 + target level. The null is about the mean of each pair given the
/// past: pairs may drift, but a pair must not be chosen by its own scores.
/// </remarks>
internal sealed class PairBet
{
    /// <summary>Levels of a score.</summary>
    public const int Levels = 33;

    /// <summary>Factors after which a product goes into the logarithm: none is below 0.07, nor above 1 + <see cref="MostGain"/>.</summary>
    private const int Flush = 64;

    /// <summary>The same cell more often than this is raised by its logarithm instead.</summary>
    private const int Many = 16;

    private const double MostGain = 1000;

    /// <summary>λ as shares of the largest.</summary>
    private static readonly double[] s_shares = [0.01, 0.02, 0.04, 0.07, 0.11, 0.17, 0.25, 0.35, 0.47, 0.61, 0.77, 0.93];

    private readonly double _ratio;
    private readonly double _delta;
    private readonly double[] _lambdas;

    /// <summary>A bet that E[t] differs from ratio·E[s] + delta on one side.</summary>
    public PairBet(double ratio, double delta, PairSide side)
    {
        _ratio = ratio;
        _delta = delta;
        var (loss, gain) = side == PairSide.Above ? (ratio + delta, 1 - delta) : (1 - delta, ratio + delta);
        IsValid = ratio >= 0 && double.IsFinite(ratio) && double.IsFinite(delta) && loss > 0 && gain > 0 && gain <= loss * MostGain;
        _lambdas = [.. s_shares.Select(share => (side == PairSide.Above ? share : -share) / loss)];
    }

    /// <summary>Bets placed side by side.</summary>
    public static int Size => s_shares.Length;

    /// <summary>λ as shares of the largest that cannot lose all.</summary>
    public static ReadOnlySpan<double> Shares => s_shares;

    /// <summary>Whether Z can fall on both sides of 0, which a bet needs: −ratio &lt; delta &lt; 1.</summary>
    public bool IsValid { get; }

    /// <summary>Z of a cell.</summary>
    public double ValueOf(int cell) => ((cell % Levels) - (_ratio * (cell / Levels))) / (Levels - 1) - _delta;

    /// <summary>ln of what these pairs multiply each bet's wealth by.</summary>
    public void LogFactors(ReadOnlySpan<ushort> cells, ReadOnlySpan<int> counts, Span<double> logs)
    {
        Span<double> products = stackalloc double[s_shares.Length];
        products.Fill(1);
        logs.Clear();
        var factors = 0;
        for (var i = 0; i < cells.Length; i++)
        {
            var z = ValueOf(cells[i]);
            if (counts[i] > Many)
            {
                for (var j = 0; j < products.Length; j++)
                {
                    logs[j] += counts[i] * Math.Log(1 + (_lambdas[j] * z));
                }

                continue;
            }

            for (var n = counts[i]; n > 0; n--)
            {
                for (var j = 0; j < products.Length; j++)
                {
                    products[j] *= 1 + (_lambdas[j] * z);
                }

                if (++factors == Flush)
                {
                    Take(products, logs);
                    factors = 0;
                }
            }
        }

        if (factors > 0)
        {
            Take(products, logs);
        }
    }

    private static void Take(Span<double> products, Span<double> logs)
    {
        for (var j = 0; j < products.Length; j++)
        {
            logs[j] += Math.Log(products[j]);
        }

        products.Fill(1);
    }
}
