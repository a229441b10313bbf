using ModelMigrate.Core.Evaluation.Load;

namespace ModelMigrate.Tests.Core.Evaluation;

public sealed class ArrivalPlanTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Of_ConstantRate_ComesEvenly()
    {
        var times = ArrivalPlan.Of(new LoadShape { Arrivals = ArrivalKind.Constant, Rate = 8, Duration = 2 * s_second }, seed: 1).ToList();
        Assert.Equal(Enumerable.Range(0, 16).Select(static k => TimeSpan.FromMilliseconds(125 * k)), times);
    }

    /// <summary>10 a second after 10 s of ramp-up: 50 requests on the ramp, a quarter of them in its first half, then 100 in 10 s.</summary>
    [Fact]
    public void Of_RampUp_GrowsEvenly()
    {
        var shape = new LoadShape { Arrivals = ArrivalKind.Constant, Rate = 10, RampUp = 10 * s_second, Duration = 20 * s_second };
        var times = ArrivalPlan.Of(shape, seed: 1).ToList();
        Assert.Equal((150.0, 150), (shape.Expected, times.Count));
        Assert.Equal((13, 50), (times.Count(static at => at < 5 * s_second), times.Count(static at => at < 10 * s_second)));
        Assert.Equal(times.Order(), times);
        foreach (var requests in new[] { 0.5, 12.5, 49, 50, 51, 149 })
        {
            Assert.Equal(requests, shape.Until(shape.When(requests)), 9);
        }
    }

    /// <summary>Counts of seconds vary as much as they are large, gaps as much as they are long; a constant rate would do neither.</summary>
    [Fact]
    public void Of_Poisson_HasTheCountsAndDispersionOfOne()
    {
        var times = ArrivalPlan.Of(new LoadShape { Rate = 50, Duration = 1000 * s_second }, seed: 7).ToList();
        Assert.InRange(times.Count, 50_000 - (4 * 224), 50_000 + (4 * 224));

        var counts = times.CountBy(static at => (int)at.TotalSeconds).Select(static second => (double)second.Value).ToList();
        var (mean, variance) = Moments(counts);
        Assert.InRange(variance / mean, 1 - (4 * 0.0447), 1 + (4 * 0.0447));
        var gaps = times.Zip(times.Skip(1), static (one, next) => (next - one).TotalSeconds).ToList();
        (mean, variance) = Moments(gaps);
        Assert.InRange(Math.Sqrt(variance) / mean, 0.97, 1.03);
    }

    [Fact]
    public void Of_TheSameSeed_IsTheSamePlan()
    {
        var shape = new LoadShape { Rate = 20, RampUp = 5 * s_second, Requests = 500 };
        Assert.Equal(500, ArrivalPlan.Of(shape, 3).Count());
        Assert.Equal(ArrivalPlan.Of(shape, 3), ArrivalPlan.Of(shape, 3));
        Assert.NotEqual(ArrivalPlan.Of(shape, 3), ArrivalPlan.Of(shape, 4));
    }

    private static (double Mean, double Variance) Moments(List<double> values)
    {
        var mean = values.Average();
        return (mean, values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }
}
