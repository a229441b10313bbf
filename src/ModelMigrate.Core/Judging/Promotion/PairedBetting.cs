using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Promotion;

/// <summary>
/// Evidence that the target fails by less than δ more often than the source: matched pairs, D = y_T − y_S, E = mean over λ of
/// Π(1 + λ(δ − D)), 0 &lt; λ &lt; 1/(1 − δ), against H0: E[D] ≥ δ (betting after Waudby-Smith and Ramdas, arXiv 2010.09686). The λ are fixed, so
/// three counts are the whole state, for every δ at once.
/// </summary>
internal static class PairedBetting
{
    /// <summary>ln E; not a number for a δ outside (0, 1).</summary>
    public static double Log(in PairCounts pairs, double delta) => Log(pairs.Lost, pairs.Even, pairs.Won, delta);

    /// <summary>The same of expected counts, for a forecast.</summary>
    public static double Log(double lost, double even, double won, double delta)
    {
        if (!(delta > 0 && delta < 1))
        {
            return double.NaN;
        }

        // PairBet gives the same on pairs of 0 and 1; three counts need no table.
        Span<double> logs = stackalloc double[PairBet.Size];
        for (var i = 0; i < logs.Length; i++)
        {
            var lambda = PairBet.Shares[i] / (1 - delta);
            logs[i] = (lost * Math.Log(1 + (lambda * (delta - 1))))
                + (even * Math.Log(1 + (lambda * delta)))
                + (won * Math.Log(1 + (lambda * (delta + 1))));
        }

        return LogMath.Sum(logs) - Math.Log(logs.Length);
    }
}
