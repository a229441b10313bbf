using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Statistics;
using ModelMigrate.Core.Suites.Parity;

namespace ModelMigrate.Tests.Core.Suites;

/// <summary>
/// How often parity is wrong about latency, on sets of 100 prompts whose times are lognormal and of each model its own. The line itself is drawn, too: it is a
/// quantile of the source's answers.
/// </summary>
public sealed class ParityErrorTests
{
    private const int Sets = 1000;

    /// <summary>5 % and two standard errors of a share of <see cref="Sets"/>.</summary>
    private const double Most = 0.05 + (2 * 0.0069);

    private static readonly ParityTerms s_terms = new() { Dataset = "", Similarity = Exact(), Accuracy = null };

    [Fact]
    public void Judge_TargetOnTheLine_FailsAtMostAsOftenAsAllowed() => Assert.InRange(Share(GateVerdict.Fail, Math.Log(1.2)), 0, Most);

    // Normal quantiles: shifted by 0.2533 spreads 60 % are beyond the median's line, by 1.6449 − 1.2816 = 0.3633 spreads 10 % beyond that of the 95th percentile: what line
    // and margin allow together.
    [Theory]
    [InlineData(0.2533)]
    [InlineData(0.3633)]
    public void Judge_TargetWorseByAMargin_PassesAtMostAsOftenAsAllowed(double spreads) => Assert.InRange(Share(GateVerdict.Pass, Math.Log(1.2) + (0.5 * spreads)), 0, Most);

    [Fact]
    public void Judge_EqualModels_PassesAlmostAlways() => Assert.InRange(Share(GateVerdict.Pass, 0, 0.2), 0.8, 1);

    private static double Share(GateVerdict verdict, double shift, double spread = 0.5)
    {
        var draws = new SeededDraws(20);
        var found = 0;
        for (var set = 0; set < Sets; set++)
        {
            var pairs = Enumerable.Range(0, 100).Select(_ => new ParityPair(Side(0), Side(shift), [])).ToList();
            found += ParityJudge.Judge(s_terms, pairs, new GateOptions()).Verdict == verdict ? 1 : 0;
        }

        return found / (double)Sets;

        ParitySide Side(double by) => new("same", 400 * Math.Exp(by + (spread * draws.Normal())));
    }

    private static AnswerMetric Exact() => MetricTable.TryCreate(MetricTable.Find("exact")!, new Dictionary<string, string>(), out _)!;
}
