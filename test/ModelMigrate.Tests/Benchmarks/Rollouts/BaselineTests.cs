using ModelMigrate.Benchmarks.Rollouts.Baselines;
using ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;
using ModelMigrate.Benchmarks.Rollouts.Traffic;
using ModelMigrate.Core.Observing;

namespace ModelMigrate.Tests.Benchmarks.Rollouts;

/// <summary>The rules count as their documentation says.</summary>
public sealed class BaselineTests
{
    private const int PerMinute = SliceTable.PerMinute;

    [Fact]
    public void Argo_EveryMeasurementFails_FourthAborts() =>
        Assert.Equal((20 * PerMinute) - 1, new ArgoRule().Detect(Table(static _ => (100, 10)), ExtraMetrics.None));

    [Fact]
    public void Argo_ThreeMeasurementsFail_Promotes() =>
        Assert.Equal(-1, new ArgoRule().Detect(Table(static minute => (100, minute < 15 ? 10 : 0)), ExtraMetrics.None));

    [Fact]
    public void Argo_NoData_NoFailure() => Assert.Equal(-1, new ArgoRule().Detect(Table(static _ => (0, 0)), ExtraMetrics.None));

    [Fact]
    public void Flagger_NoData_TenthCheckRollsBack() =>
        Assert.Equal((10 * PerMinute) - 1, new FlaggerRule().Detect(Table(static _ => (0, 0)), ExtraMetrics.None));

    [Fact]
    public void Flagger_EveryThirdMinuteBad_CountsAccumulate() =>
        Assert.Equal((28 * PerMinute) - 1, new FlaggerRule().Detect(Table(static minute => (100, minute % 3 == 0 ? 2 : 0)), ExtraMetrics.None));

    [Fact]
    public void Fixed_FewerThanHundredRequests_Blind() =>
        Assert.Equal(-1, new FixedRule(relative: false).Detect(Table(static _ => (19, 19)), ExtraMetrics.None));

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, -1)]
    public void Fixed_BothFailAtTenPercent_OnlyTheAbsoluteRuleFires(bool relative, int slice) =>
        Assert.Equal(slice, new FixedRule(relative).Detect(Table(static _ => (400, 40), static _ => (400, 40)), ExtraMetrics.None));

    [Fact]
    public void Statistical_EqualArms_NoneFires() =>
        Assert.All(
            new Baseline[] { new NaiveTests(), new AsymptoticRule(stratified: false), new AsymptoticRule(stratified: true), new GroupSequentialRule(), new KayentaRule() },
            rule => Assert.Equal(-1, rule.Detect(Table(static _ => (200, 4), static _ => (200, 4)), ExtraMetrics.None)));

    [Fact]
    public void Statistical_TargetFailsTenTimesAsOften_AllFire() =>
        Assert.All(
            new Baseline[] { new NaiveTests(), new AsymptoticRule(stratified: false), new AsymptoticRule(stratified: true), new GroupSequentialRule(), new KayentaRule() },
            rule => Assert.InRange(rule.Detect(Table(static _ => (200, 40), static _ => (200, 4)), ExtraMetrics.None), 0, SliceTable.Count));

    /// <summary>Target and source as requests and failures a minute.</summary>
    private static SliceTable Table(Func<int, (int N, int Failures)> target, Func<int, (int N, int Failures)>? source = null)
    {
        var table = new SliceTable();
        for (var minute = 0; minute < SliceTable.Count / PerMinute; minute++)
        {
            Fill(table, true, minute, target(minute));
            Fill(table, false, minute, (source ?? (static _ => (1000, 0)))(minute));
        }

        table.Complete();
        return table;
    }

    private static void Fill(SliceTable table, bool target, int minute, (int N, int Failures) counts)
    {
        for (var i = 0; i < counts.N; i++)
        {
            // Half a second is an ordinary latency; a little spread keeps the variance above zero.
            var failed = i % Math.Max(1, counts.N / Math.Max(1, counts.Failures)) == 0 && counts.Failures > 0;
            var answer = new Answer(failed ? Outcome.Error : Outcome.Ok, 0.5 + (0.001 * (i % 10)), 0.2, 0.8, 0.001);
            table.End(target, (minute * 60) + (i * 60.0 / counts.N), answer);
        }
    }
}
