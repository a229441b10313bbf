namespace ModelMigrate.Core.Judging.Processes;

/// <summary>
/// Evidence from pairs that one side won, ties left out: the binomial likelihood with a uniform prior on the alternative against its
/// boundary, E = B(p0; W+1, L+1) / (p0^(W+1)·(1−p0)^L), which for p0 = ½ is 2^(n+1)·B(½; W+1, L+1) (rollouts research 2.4; the same test as a
/// sequential McNemar). Valid at every look for independent pairs whose chance to win is at least p0 given the past.
/// </summary>
internal static class WinLoss
{
    /// <summary>ln E that the chance to win is below <paramref name="p0"/>; not a number for a p0 outside (0, 1) or negative counts.</summary>
    /// <remarks>Evidence that it is above p0: exchange wins and losses and take 1 − p0.</remarks>
    public static double LogBelow(long wins, long losses, double p0 = 0.5) =>
        wins < 0 || losses < 0 || p0 is not (> 0 and < 1)
            ? double.NaN
            : BetaFunction.LogIncomplete(wins + 1.0, losses + 1.0, p0) - ((wins + 1) * Math.Log(p0)) - (losses * Math.Log(1 - p0));
}
