using ModelMigrate.Benchmarks.Rollouts.Results;
using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Observing.Signals;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Benchmarks.Rollouts.Judged;

/// <summary>
/// How many shadow pairs, the same prompt to both models, a lower quality takes to show: one pair after the other into the product's
/// paired process. The difference of a pair's scores has a standard deviation of 0.25.
/// </summary>
internal static class PairedQuality
{
    public const string Name = "paired-quality";

    private const double Alpha = 0.05, Mean = 0.65, PromptSigma = 0.12, AnswerSigma = 0.177, Drop = 0.05;
    private const int MostPairs = 4000, MostMedian = 300;

    public static IReadOnlyList<Goal> Run(int repetitions, uint seed)
    {
        var plain = Pairs(repetitions, seed, Drop, tolerated: 0);
        var tolerant = Pairs(repetitions, seed, Drop, tolerated: 0.02);
        var equal = Pairs(repetitions, seed, drop: 0, tolerated: 0).Count(n => n <= MostPairs);
        var (low, _) = Wilson.Of(equal, repetitions);
        return
        [
            new Goal($"paired quality −0.05 against 0: median {Median(plain)} pairs, at most {MostMedian}", Median(plain) <= MostMedian),
            new Goal($"paired quality −0.05 against −0.02: median {Median(tolerant)} pairs (reported)", IsMet: true),
            new Goal($"paired quality equal: {equal / (double)repetitions:0.0 %} false within {MostPairs} pairs, α 5 %", low <= Alpha),
        ];
    }

    private static int Median(int[] pairs) => pairs[pairs.Length / 2];

    /// <summary>Pairs until the drop shows, in order; beyond <see cref="MostPairs"/> when it does not.</summary>
    private static int[] Pairs(int repetitions, uint seed, double drop, double tolerated)
    {
        var pairs = new int[repetitions];
        Parallel.For(0, repetitions, i => pairs[i] = One(new SeededDraws(seed + (ulong)i), drop, tolerated));
        Array.Sort(pairs);
        return pairs;
    }

    private static int One(SeededDraws draws, double drop, double tolerated)
    {
        var harm = new PairHarm(new PairBet(ratio: 1, delta: -tolerated, PairSide.Below), MostPairs, new HarmState());
        for (var n = 1; n <= MostPairs; n++)
        {
            var prompt = PromptSigma * draws.Normal();
            var source = Level(Mean + prompt + (AnswerSigma * draws.Normal()), draws.Share());
            var target = Level(Mean - drop + prompt + (AnswerSigma * draws.Normal()), draws.Share());
            harm.Fold(PairTable.FromPairs([PairTable.Cell(source, target)]), []);
            if (harm.Log >= -Math.Log(Alpha))
            {
                return n;
            }
        }

        return MostPairs + 1;
    }

    /// <summary>One of the two levels beside the score, with the probability that keeps its mean.</summary>
    private static int Level(double score, double chance)
    {
        var level = Math.Clamp(score, 0, 1) * (PairBet.Levels - 1);
        return Math.Min(PairBet.Levels - 1, (int)(level + chance));
    }
}
