namespace ModelMigrate.Core.Statistics;

/// <summary>
/// Whether two arms differ at all: without a difference each pair's sign, or which arm a row's counts belong to, could as well be the other. Two-sided;
/// p = (c + 1) / (rounds + 1), or exact when all assignments are few enough to be tried.
/// </summary>
/// <param name="P">Never 0.</param>
/// <param name="Rounds">How many assignments were tried.</param>
/// <param name="IsExact">Whether those are all there are; then nothing was drawn.</param>
/// <param name="Seed">What the draws depend on.</param>
public sealed record PairedPermutation(double P, int Rounds, bool IsExact, uint Seed)
{
    /// <summary>Sums of the same numbers in another order may differ by as much.</summary>
    private const double Rounding = 1e-12;

    /// <summary>Flips the signs of paired differences.</summary>
    public static PairedPermutation OfSigns(ReadOnlySpan<double> differences, uint seed, int rounds = 10_000)
    {
        // A difference of 0 has no sign.
        var signed = differences.ToArray().Where(static difference => difference != 0).ToArray();
        var seen = Math.Abs(signed.Sum());
        var least = seen - (Rounding * signed.Sum(Math.Abs));
        if (signed.Length < 31 && 1L << signed.Length <= rounds)
        {
            var all = 1 << signed.Length;
            return new PairedPermutation(Enumerable.Range(0, all).Count(flips => Math.Abs(Flipped(signed, i => (flips >> i) & 1)) >= least) / (double)all, all, IsExact: true, seed);
        }

        var beyond = 0;
        for (var round = 0; round < rounds; round++)
        {
            var draws = SeededDraws.Of(seed, question: 1, round);
            ulong bits = 0;
            beyond += Math.Abs(Flipped(signed, i => (int)((bits = i % 64 == 0 ? draws.Next() : bits >> 1) & 1))) >= least ? 1 : 0;
        }

        return new PairedPermutation((beyond + 1.0) / (rounds + 1), rounds, IsExact: false, seed);
    }

    /// <summary>Swaps the arms of whole cases: for corpus metrics (approximate randomisation, as in sacrebleu).</summary>
    public static PairedPermutation OfArms(CountTable table, uint seed, int rounds = 10_000)
    {
        var seen = Math.Abs(table.Value(table.Sums()));
        var (sums, half, beyond) = (new double[table.Width], table.Width / 2, 0);
        for (var round = 0; round < rounds; round++)
        {
            var draws = SeededDraws.Of(seed, question: 2, round);
            Array.Clear(sums);
            ulong bits = 0;
            for (var row = 0; row < table.Rows; row++)
            {
                bits = row % 64 == 0 ? draws.Next() : bits >> 1;
                if ((bits & 1) == 0)
                {
                    table.Add(row, sums);
                    continue;
                }

                var counts = table.Row(row);
                for (var i = 0; i < half; i++)
                {
                    sums[i] += counts[half + i];
                    sums[half + i] += counts[i];
                }
            }

            beyond += Math.Abs(table.Value(sums)) >= seen - Rounding ? 1 : 0;
        }

        return new PairedPermutation((beyond + 1.0) / (rounds + 1), rounds, IsExact: false, seed);
    }

    private static double Flipped(double[] signed, Func<int, int> flips)
    {
        var sum = 0.0;
        for (var i = 0; i < signed.Length; i++)
        {
            sum += flips(i) == 0 ? signed[i] : -signed[i];
        }

        return sum;
    }
}
