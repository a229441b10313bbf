using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Judging.Promotion;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Tests.Core.Judging.KnownAnswers;

/// <summary>Known answers, from other projects and from the published formulas.</summary>
public sealed class GoldenValueTests
{
    [Fact]
    public void RatioGrid_UniformMixture_MatchesKnownLogEvidence()
    {
        var logs = new double[RatioGrid.HarmSize];
        Assert.Equal(3.290577353, Mix(logs, 0.05, 3, 5), 1e-8);
        Assert.Equal(2.107459082, Mix(logs, 0.25, 6, 9), 1e-8);
        Assert.Equal(0.878950587, Mix(logs, 0.5, 10, 8), 1e-8);
        Assert.Equal(-2.316236605, Mix(new double[RatioGrid.HarmSize], 0.05, 0, 40), 1e-8);
    }

    [Fact]
    public void HarmProcess_FirstBlock_IsHalfTheMixturePlusTheRest()
    {
        var process = new HarmProcess(1, planned: 100, new HarmState());
        process.Fold(new EventBlock(950, 5, 50, 3), []);
        Assert.Equal(Math.Log((0.5 * Math.Exp(3.290577353)) + 0.5), process.Log, 1e-8);
    }

    [Fact]
    public void ChangePoints_MassesAndRest_SumToOne()
    {
        var sum = 0.0;
        for (var block = 1; block <= 1000; block++)
        {
            sum += Math.Exp(ChangePoints.LogMass(block, 100));
            Assert.Equal(1, sum + Math.Exp(ChangePoints.LogRest(block, 100)), 1e-12);
            Assert.Equal(1, sum + ChangePoints.Rest(block, 100), 1e-12);
            Assert.Equal(ChangePoints.LogMass(block, 100), Math.Log(ChangePoints.Mass(block - 1, block, 100)), 1e-9);
        }
    }

    [Fact]
    public void DirichletMultinomial_SsrmBlocks_MatchesKnownMarginals()
    {
        double[] prior = [1, 1, 1];
        double[] null0 = [0.4, 0.4, 0.2];
        long[][] blocks = [[20, 17, 9], [18, 21, 8], [4, 6, 4], [18, 19, 11]];
        double[] logM1 = [-7.028201432, -11.947847738, -15.471401950, -19.964845211];
        double[] logM0 = [-4.077640647, -8.265946861, -11.610743520, -15.781031229];
        double m1 = 0, m0 = 0;
        for (var i = 0; i < blocks.Length; i++)
        {
            m1 += DirichletMultinomial.LogMarginal(blocks[i], prior);
            m0 += DirichletMultinomial.LogNull(blocks[i], null0);
            Assert.Equal(logM1[i], m1, 1e-7);
            Assert.Equal(logM0[i], m0, 1e-7);
            for (var k = 0; k < prior.Length; k++)
            {
                prior[k] += blocks[i][k];
            }
        }
    }

    [Theory]
    [InlineData(0.05, 2, 261)]
    [InlineData(0.05, 3, 82)]
    [InlineData(0.05, 10, 11)]
    [InlineData(0.25, 2, 83)]
    [InlineData(0.25, 3, 31)]
    [InlineData(0.25, 10, 8)]
    [InlineData(0.5, 2, 79)]
    [InlineData(0.5, 3, 34)]
    [InlineData(0.5, 10, 12)]
    public void HarmEvents_KnownWeightsAndRatios_MatchPlanningTable(double w, double ratio, int events) =>
        Assert.InRange(ModelMigrate.Core.Judging.Planning.HarmEvents(0.05, w, ratio), events - 1, events + 1);

    [Fact]
    public void PairedBetting_NothingFails_StillGrows()
    {
        Assert.Equal(0, PairedBetting.Log(default, 0.01), 1e-12);
        Assert.True(PairedBetting.Log(new PairCounts(0, 1000, 0), 0.01) > Math.Log(20));
        Assert.True(PairedBetting.Log(new PairCounts(20, 1000, 0), 0.01) < 0);
        Assert.Equal(double.NaN, PairedBetting.Log(default, 1));
    }

    private static double Mix(double[] logs, double w, int target, int source)
    {
        var perTarget = new double[logs.Length];
        var perSource = new double[logs.Length];
        RatioGrid.Steps(w, 1, RatioGrid.HarmLogs, perTarget, perSource);
        for (var j = 0; j < logs.Length; j++)
        {
            logs[j] += (target * perTarget[j]) + (source * perSource[j]);
        }

        return LogMath.Sum(logs) - Math.Log(logs.Length);
    }
}
