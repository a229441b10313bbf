using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Statistics;
using ModelMigrate.Tests.Scenarios;
using Xunit.Abstractions;

namespace ModelMigrate.Tests.Core.Evaluation;

/// <summary>How often the gate is wrong, and how often it decides: 500 rows, a margin of 5 points, 20 % of the rows come out differently.</summary>
public sealed class PairedGateErrorTests(ITestOutputHelper output)
{
    private const int Rows = 500;
    private const int Times = 200;
    private const double Margin = 0.05;
    private const double Differing = 0.2;
    private const uint Seed = 20261121;

    [Fact]
    public void Judge_OfEqualModels_FailsNoMoreThanItMayAndPassesAsOftenAsItSays()
    {
        var verdicts = YesNo(difference: 0, question: 1);
        var (pass, fail) = Shares(verdicts);
        var said = verdicts.Average(each => each.PowerToPass!.Value);
        Repetitions.Report(output, "equal, 500 rows", $"pass {pass:0.000} (said {said:0.000}), fail {fail:0.000}");
        Assert.InRange(fail, 0, 0.05);
        Assert.InRange(pass, said - (2 * Error(said)), said + (2 * Error(said)));
    }

    [Fact]
    public void Judge_OfATargetWorseByTheMargin_PassesNoMoreThanItMay()
    {
        var (pass, fail) = Shares(YesNo(difference: -Margin, question: 2));
        Repetitions.Report(output, "worse by the margin, 500 rows", $"pass {pass:0.000}, fail {fail:0.000}");
        Assert.InRange(pass, 0, 0.05 + (2 * Error(0.05)));
        Assert.InRange(fail, 0, 0.05 + (2 * Error(0.05)));
    }

    [Fact]
    public void Judge_OfATargetWorseByTwiceTheMargin_NeverPassesAndFailsAsOftenAsItSays()
    {
        var verdicts = YesNo(difference: -2 * Margin, question: 3);
        var (pass, fail) = Shares(verdicts);
        var said = verdicts.Average(each => each.PowerToFail!.Value);
        Repetitions.Report(output, "worse by twice the margin, 500 rows", $"pass {pass:0.000}, fail {fail:0.000} (said {said:0.000})");
        Assert.Equal(0, pass);
        Assert.InRange(fail, said - (2 * Error(said)), said + (2 * Error(said)));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(-2 * Margin, 5)]
    public void RequiredCases_AgainstSimulation_AreWithinAFifthOfWhereFourOfFiveDecide(double difference, int question)
    {
        const int Many = 2000;
        // What one run of ordinary length prints, in the middle; at twice the margin the power to fail is the one that counts.
        var said = Median(YesNo(difference, question).Select(each => difference == 0 ? each.RequiredCases!.Value : each.RequiredCasesAsSeen!.Value));
        var (few, many) = (Decided((int)(said / 1.2)), Decided((int)(said / 0.8)));
        Repetitions.Report(output, $"required at {difference}", $"{said:0} rows; {few:0.000} decide at {said / 1.2:0}, {many:0.000} at {said / 0.8:0}");
        Assert.True(few < 0.8 && many > 0.8, $"{few} and {many}");

        double Decided(int rows) => Repetitions.Run(Many, i => One(rows, difference, question + 10, i).Verdict).Count(verdict => verdict is GateVerdict.Pass or GateVerdict.Fail) / (double)Many;
    }

    /// <summary>Every outcome of 50 and 100 rows with its probability, not simulated: the level of the shares' test holds in small data too.</summary>
    [Theory]
    [InlineData(50, 0.02)]
    [InlineData(50, 0.05)]
    [InlineData(50, 0.1)]
    [InlineData(100, 0.05)]
    [InlineData(100, 0.1)]
    public void Judge_OfSmallDataAtTheMargin_PassesNoMoreThanItMay(int rows, double margin)
    {
        for (var differing = margin; differing <= 0.6; differing += 0.05)
        {
            var (worse, better) = ((differing + margin) / 2, (differing - margin) / 2);
            var pass = 0.0;
            for (var b = 0; b <= rows; b++)
            {
                for (var c = 0; c <= rows - b; c++)
                {
                    pass += new PairedShares(b, c, rows).PAbove(-margin) <= 0.05 ? Trinomial(rows, b, worse, c, better) : 0;
                }
            }

            Assert.InRange(pass, 0, 0.06);
        }
    }

    [Fact]
    public void Judge_OfScoresBetween_IsAsOftenWrongAsItMay()
    {
        var times = Repetitions.Of(Times * 10);
        var counts = new List<int>();
        foreach (var (question, difference) in new[] { (20, 0.0), (21, -Margin), (22, -2 * Margin) })
        {
            var verdicts = Repetitions.Run(times, i => Judge([SimulatedPairs.Shares("f1_squad", 300, difference, Seed, question, i)], Margin, rounds: 1000).Metrics[0].Verdict);
            var (pass, fail) = (verdicts.Count(v => v == GateVerdict.Pass), verdicts.Count(v => v == GateVerdict.Fail));
            Repetitions.Report(output, $"scores between, {difference}", $"pass {pass / (double)times:0.000}, fail {fail / (double)times:0.000} of {times}");
            counts.AddRange([pass, fail]);
        }

        var most = Repetitions.Limit(times, 0.05);
        Assert.Equal(0, counts[1]);
        Assert.InRange(counts[2], 0, most);
        Assert.InRange(counts[3], 0, most);
        Assert.Equal(0, counts[4]);
        Assert.True(counts[0] > times / 2 && counts[5] > times / 2);
    }

    [Fact]
    public void Judge_OfThreeMetricsAtTheMargin_PassesAnyNoMoreThanItMay()
    {
        var any = Repetitions.Run(Times, i => Judge(
            [.. Enumerable.Range(0, 3).Select(m => SimulatedPairs.YesNo($"m{m}", Rows, -Margin, Differing, Seed, 30 + m, i))], Margin)
            .Metrics.Any(each => each.Verdict == GateVerdict.Pass)).Count(passed => passed) / (double)Times;
        Repetitions.Report(output, "any of three metrics at the margin", $"pass {any:0.000}");
        Assert.InRange(any, 0, 0.05 + (2 * Error(0.05)));
    }

    private static List<MetricVerdict> YesNo(double difference, int question) => Repetitions.Run(Times, i => One(Rows, difference, question, i));

    private static MetricVerdict One(int rows, double difference, int question, int repetition) =>
        Judge([SimulatedPairs.YesNo("exact", rows, difference, Differing, Seed, question, repetition)], Margin).Metrics[0];

    private static GateResult Judge(IReadOnlyList<PairedScores> scores, double margin, int rounds = 10_000) =>
        PairedGate.Judge([.. scores.Select(each => new MetricGate { Metric = each.Metric, Margin = margin })], scores, new GateOptions { Rounds = rounds });

    private static (double Pass, double Fail) Shares(List<MetricVerdict> verdicts) =>
        (verdicts.Count(each => each.Verdict == GateVerdict.Pass) / (double)verdicts.Count, verdicts.Count(each => each.Verdict == GateVerdict.Fail) / (double)verdicts.Count);

    /// <summary>Standard error of a share of the repetitions.</summary>
    private static double Error(double share) => Math.Sqrt(share * (1 - share) / Times);

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Times / 2);

    private static double Trinomial(int n, int b, double worse, int c, double better) =>
        c > 0 && better < 1e-12 ? 0 : Math.Exp(Log(n) - Log(b) - Log(c) - Log(n - b - c) + (b * Math.Log(worse)) + (c == 0 ? 0 : c * Math.Log(better)) + ((n - b - c) * Math.Log(1 - worse - better)));

    private static double Log(int n) => MathNet.Numerics.SpecialFunctions.FactorialLn(n);
}
