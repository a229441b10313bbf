using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Tests.Core.Evaluation;

/// <summary>Scores of two models whose true difference is known.</summary>
internal static class SimulatedPairs
{
    /// <summary>Yes or no: of <paramref name="differing"/> of all rows only one arm is right, and the target of <paramref name="difference"/> more than the source.</summary>
    public static PairedScores YesNo(string metric, int rows, double difference, double differing, uint seed, int question, int repetition)
    {
        var draws = SeededDraws.Of(seed, question, repetition);
        var scores = new PairedScores(metric, metric, metric, MetricDirection.HigherIsBetter) { Range = 1 };
        for (var row = 0; row < rows; row++)
        {
            var at = draws.Share();
            var onlyTarget = (differing + difference) / 2;
            var (source, target) = at < onlyTarget ? (0, 1) : at < differing ? (1, 0) : draws.Happens(0.75) ? (1, 1) : (0, 0);
            scores.Add(source, target);
        }

        return scores;
    }

    /// <summary>Scores in 0 to 1, skewed as those of F1 are: many are 0 or 1, and most rows are of the same difficulty for both arms.</summary>
    public static PairedScores Shares(string metric, int rows, double difference, uint seed, int question, int repetition)
    {
        var draws = SeededDraws.Of(seed, question, repetition);
        var scores = new PairedScores(metric, metric, metric, MetricDirection.HigherIsBetter) { Range = 1 };
        for (var row = 0; row < rows; row++)
        {
            // Half of the rows come out alike. Of the others each arm draws its own, around means that differ by twice as much.
            var both = Score(draws, 0.6);
            var own = draws.Happens(0.5);
            scores.Add(own ? Score(draws, 0.6 - difference) : both, own ? Score(draws, 0.6 + difference) : both);
        }

        return scores;
    }

    /// <summary>Two in five are between 0 and 1, and of the others as many are 1 as the mean needs.</summary>
    private static double Score(SeededDraws draws, double mean)
    {
        const double Between = 0.4;
        var (at, ones) = (draws.Share(), mean - (Between / 2));
        return at < ones ? 1 : at < ones + Between ? draws.Share() : 0;
    }
}
