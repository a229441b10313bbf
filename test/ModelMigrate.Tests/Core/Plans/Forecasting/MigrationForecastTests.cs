using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Plans;
using ModelMigrate.Core.Plans.Forecasting;
using ModelMigrate.Core.Plans.Growing;
using ModelMigrate.Tests.Scenarios;

namespace ModelMigrate.Tests.Core.Plans.Forecasting;

public sealed class MigrationForecastTests
{
    private static readonly ForecastOptions s_formulas = new() { Repetitions = 0 };

    /// <summary>The measured comparison's median exposed target requests of its ratio test at α 5 % (research on rollouts, 3.2).</summary>
    [Theory]
    [InlineData(0.2, 31)]
    [InlineData(0.05, 68)]
    [InlineData(0.02, 207)]
    [InlineData(0.01, 755)]
    public void Find_ErrorsOfTheMeasuredComparison_WithinAFactorOfTwo(double added, double expected)
    {
        var spec = Specs.Ramp(1) with { Gates = [GateDefaults.Chat[0]] };
        var steps = spec.Steps.Select(step => (step.WeightPpm / 1e6, 6000.0)).ToList();
        var crossing = new HarmGrowth(spec, At(10), new("") { ErrorsAdded = added }).Find(steps, 0)!.Value;
        AssertWithin(2, expected, crossing.Exposed);
        Assert.Equal("errors", crossing.Gate);
    }

    /// <summary>The same comparison's pairs until a drop of quality shows, spread 0.25 (research on rollouts, 2.4 and 3.2).</summary>
    [Theory]
    [InlineData(0.10, 72)]
    [InlineData(0.05, 179)]
    [InlineData(0.03, 427)]
    public void Find_QualityOfTheMeasuredComparison_WithinAFactorOfTwo(double drop, double expected)
    {
        var spec = Specs.Ramp(1) with { Gates = [Quality(tolerance: 0)] };
        var traffic = At(10) with { Quality = 1 };
        var crossing = new HarmGrowth(spec, traffic, new("") { QualityFactor = 1 - drop }).Find([(0.5, 1e6)], 0)!.Value;
        AssertWithin(2, expected, crossing.Exposed);
    }

    [Fact]
    public void Of_ShortMigration_FormulaAndSimulationAgree()
    {
        // A minute a step at 20 requests/s; 25 migrations of each.
        var spec = Specs.Ramp(1, hold: 60) with { Gates = [.. GateDefaults.Chat, Quality(tolerance: 0)] };
        var simulated = MigrationForecast.Of(spec, At(20), new() { Repetitions = Repetitions.Full ? 200 : 25 });
        var formulas = MigrationForecast.Of(spec, At(20), s_formulas);

        AssertWithin(2, formulas.Healthy.Median!.Requests, simulated.Healthy.Median!.Requests);
        AssertWithin(2, formulas.Healthy.Median.Seconds, simulated.Healthy.Median.Seconds);
        Assert.Equal("simulated", simulated.Healthy.Method);
        Assert.InRange(simulated.Healthy.Promoted!.Value, 0.8, 1);
        foreach (var (formula, run) in formulas.Sick.Zip(simulated.Sick).Where(pair => pair.First.Question is "errors +5 pp" or "errors +20 pp" or "latency 2 x" or "quality -10 %"))
        {
            AssertWithin(2, formula.Median!.Exposed, run.Median!.Exposed);
            AssertWithin(2.5, formula.P90!.Exposed, run.P90!.Exposed);
            Assert.InRange(run.RolledBack!.Value, 0.9, 1);
        }
    }

    [Fact]
    public void Of_SameSeed_SameForecast()
    {
        var spec = Specs.Demo(1) with { Steps = [.. Specs.Demo(1).Steps.Take(1)] };
        string Run(uint seed) => JsonSerializer.Serialize(MigrationForecast.Of(spec, At(50), new() { Seed = seed, Repetitions = 2 }));
        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
    }

    [Fact]
    public void Of_WhatItMayCost_LongQuestionsKeepTheirFormulas()
    {
        var told = new List<string>();
        var forecast = MigrationForecast.Of(Specs.Ramp(1), At(10), new() { Budget = 200_000, Progress = told.Add });
        Assert.Equal("formula", forecast.Healthy.Method);
        Assert.All(forecast.Sick.Where(answer => answer.Method == "simulated"), answer => Assert.InRange(answer.Repetitions, 15, 200));
        Assert.Equal(forecast.Sick.Count(answer => answer.Method == "simulated"), told.Count);
        Assert.Equal("formula", forecast.Sick.Single(answer => answer.Question == "errors +1 pp").Method);
        Assert.Equal("simulated", forecast.Sick.Single(answer => answer.Question == "errors +20 pp").Method);
    }

    [Fact]
    public void Of_MoreTraffic_NeverLonger()
    {
        var draws =
            from rate in Gen.Choose(5, 5000)
            from factor in Gen.Choose(100, 2000)
            from errors in Gen.Choose(0, 500)
            select (Rate: rate / 100.0, Factor: factor / 100.0, Errors: errors / 10_000.0);
        Prop.ForAll(draws.ToArbitrary(), draw =>
        {
            var (slow, fast) = (Formulas(draw.Rate, draw.Errors), Formulas(draw.Rate * draw.Factor, draw.Errors));
            return Pairs(slow).Zip(Pairs(fast)).All(pair => NotLonger(pair.First, pair.Second));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Repetitions.Of(500)));

        static IEnumerable<ForecastAnswer> Pairs(MigrationForecast forecast) => forecast.Sick.Prepend(forecast.Healthy);

        // What was answered stays answered, in no more time; a second for rounding.
        static bool NotLonger(ForecastAnswer slow, ForecastAnswer fast) =>
            slow.Median is not { } before || (fast.Median is { } after && after.Seconds <= before.Seconds + 1);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.005)]
    [InlineData(0.04)]
    public void Of_WorseTargets_NeverMoreExposed(double errorRate)
    {
        var sick = Formulas(10, errorRate).Sick;
        var errors = sick.Take(4).Select(answer => answer.Median!.Exposed).ToList();
        var latency = sick.Skip(4).Take(3).Select(answer => answer.Median!.Exposed).ToList();
        Assert.Equal(errors.OrderDescending(), errors);
        Assert.Equal(latency.OrderDescending(), latency);
        Assert.All(sick.Where(answer => answer.P90 is not null), answer => Assert.True(answer.P90!.Exposed >= answer.Median!.Exposed));
    }

    [Fact]
    public void Of_WiderMargin_NeverMoreRequests()
    {
        long Requests(double margin) => ExposureForecast.Of(Specs.Ramp(1) with { Gates = [GateDefaults.Chat[0] with { Margin = margin }] }, null, 0.01).Requests!.Value;
        var needed = new[] { 0.005, 0.01, 0.02, 0.04 }.Select(Requests).ToList();
        Assert.Equal(needed.OrderDescending(), needed);
    }

    [Fact]
    public void Of_LittleTraffic_SaysWhatCannotBeAnswered()
    {
        var spec = Specs.Ramp(1) with { MaxHold = TimeSpan.FromHours(2) };
        var forecast = MigrationForecast.Of(spec, At(0.02), s_formulas);

        Assert.False(forecast.IsPromotable);
        Assert.Matches(@"^It would pause undecided: at 0\.02 requests/s the gates need about [0-9.]+ d, and a step longer than it may hold \(see the warnings\)\.$", forecast.Healthy.Note);
        Assert.Matches(
            @"^It would show as undecided: at 0\.02 requests/s the rollback needs about [0-9.]+ d, and the migration pauses after 2\.2 h at most\.$",
            forecast.Sick[0].Note);
        Assert.All(forecast.Sick.Take(4), answer => Assert.Equal("none", answer.Method));
    }

    [Fact]
    public void Of_GatesThatSeeNothing_SaysSo()
    {
        var forecast = MigrationForecast.Of(
            Specs.Ramp(1) with { Gates = [GateDefaults.Chat[1], new() { Name = "cost", Metric = Metric.Cost, Margin = 1.2 }] }, At(10), s_formulas);
        Assert.Equal("No gate watches errors, so that it would be promoted. Declare a gate with 'metric: errorRate'.", forecast.Sick[0].Note);
        Assert.Equal("No gate watches quality, so that it would be promoted. Declare a gate with 'metric: quality'.", forecast.Sick[^1].Note);
        Assert.Equal(["cost"], forecast.LeftOut);
        // An exceedance of the median 1.2 times as often is tolerated up to 1.25.
        Assert.Equal("It is within what the gates tolerate: no evidence of harm grows, and nothing rolls it back.", forecast.Sick[4].Note);
    }

    [Fact]
    public void Of_QualityGateWithoutScores_SaysThatNobodySeesIt()
    {
        var spec = Specs.Ramp(1) with { Gates = [.. GateDefaults.Chat, Quality(tolerance: 0)] };
        var blind = MigrationForecast.Of(spec, At(10) with { QualityShare = 0 }, s_formulas);
        var scored = MigrationForecast.Of(spec, At(10) with { QualityShare = 0.5 }, s_formulas);
        Assert.StartsWith("No request carries a score", blind.Sick[^1].Note, StringComparison.Ordinal);
        Assert.False(blind.IsPromotable);
        Assert.Equal("formula", scored.Sick[^1].Method);
    }

    private static MigrationForecast Formulas(double rate, double errorRate) =>
        MigrationForecast.Of(Specs.Ramp(1), new() { Rate = rate, ErrorRate = errorRate, Label = "test" }, s_formulas);

    private static GateSpec Quality(double tolerance) => new() { Name = "quality", Metric = Metric.Quality, Margin = 0.1, Tolerance = tolerance };

    private static Traffic At(double rate) => new() { Rate = rate, ErrorRate = 0.005, Label = "test" };

    private static void AssertWithin(double factor, double expected, double actual) =>
        Assert.True(actual < expected * factor && expected < actual * factor, $"{actual} against {expected}, factor {actual / expected:0.00}");
}
