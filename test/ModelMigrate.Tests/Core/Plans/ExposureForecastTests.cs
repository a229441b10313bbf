using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Judging.Promotion;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Plans;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Tests.Core.Plans;

public sealed class ExposureForecastTests
{
    [Theory]
    [InlineData(0.1, 4, 0.005)]
    [InlineData(0.25, 2, 0.005)]
    [InlineData(0.5, 1, 0.005)]
    [InlineData(0.5, 1, 0.0)]
    [InlineData(0.5, 1, 0.04)]
    [InlineData(0.01, 4, 0.005)]
    public void Of_OneStep_WithinHalfOfTheSimulatedMedian(double weight, double factor, double errorRate)
    {
        // One step is judged at the final margin, so the factor is put into the margins.
        GateSpec[] gates = [.. GateDefaults.Chat.Select(gate => gate with { Margin = JudgeSpec.MarginAt(gate, factor) })];
        var forecast = ExposureForecast.Of(Spec([weight], gates), rate: null, errorRate).Steps[0].Requests!.Value;

        var runs = Enumerable.Range(0, 101).Select(seed => Simulate(seed, weight, errorRate, gates)).Order().ToList();

        var median = runs[runs.Count / 2];
        Assert.True(forecast < 1.5 * median && median < 1.5 * forecast, $"forecast {forecast}, simulated median {median}");
    }

    [Fact]
    public void Of_LaterSteps_BuildOnWhatEarlierOnesGathered()
    {
        var alone = ExposureForecast.Of(Spec([0.5], GateDefaults.Chat), null, 0.005);
        var stepped = ExposureForecast.Of(Spec([0.1, 0.25, 0.5], GateDefaults.Chat), null, 0.005);

        Assert.True(stepped.Steps[2].Requests < alone.Steps[0].Requests);
        Assert.True(stepped.Exposures <= alone.Exposures + 1000);
        Assert.Empty(stepped.Warnings);
        Assert.Null(stepped.Duration);
    }

    [Fact]
    public void Of_LowRate_SaysThatMaxHoldIsTooShort()
    {
        var spec = Spec([0.1, 0.5], GateDefaults.Chat) with { MaxHold = TimeSpan.FromHours(1) };

        Assert.Empty(ExposureForecast.Of(spec, 100, 0.005).Warnings);
        Assert.Contains(ExposureForecast.Of(spec, 0.05, 0.005).Warnings, warning => warning.Contains("Set maxHold to", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_SmallBudget_SaysWhatToSet()
    {
        var spec = Spec([0.1, 0.5], GateDefaults.Chat) with { ExposureBudget = 50 };

        Assert.StartsWith("exposureBudget 50 is below", Assert.Single(ExposureForecast.Of(spec, 100, 0.005).Warnings), StringComparison.Ordinal);
        Assert.Empty(ExposureForecast.Of(spec with { ExposureBudget = 1_000_000 }, 100, 0.005).Warnings);
    }

    [Fact]
    public void Of_MarginNarrowerThanAnyTrafficCanShow_SaysSo()
    {
        GateSpec[] gates = [new() { Name = "errors", Metric = Metric.ErrorRate, Margin = 0.00000001 }];

        var forecast = ExposureForecast.Of(Spec([0.5], gates), 100, 0.3);

        Assert.Null(forecast.Requests);
        Assert.Contains("errors would not pass", Assert.Single(forecast.Warnings), StringComparison.Ordinal);
    }

    private static RolloutSpec Spec(IReadOnlyList<double> weights, IReadOnlyList<GateSpec> gates) => new()
    {
        Id = new("MIG-a"),
        Route = new("chat"),
        Source = new("m"),
        Target = new("n"),
        Fingerprint = "f",
        Steps = [.. weights.Select((weight, i) => new RolloutStep
        {
            WeightPpm = (int)(weight * 1_000_000),
            MarginFactor = Math.Min(4, Math.Pow(2, weights.Count - 1 - i)),
            Hold = TimeSpan.FromSeconds(10),
        })],
        Gates = gates,
        Seed = 1,
    };

    // Requests one by one at 200 a second: blocks of a second, pairs within them, quantiles frozen from 100 source requests.
    private static long Simulate(int seed, double weight, double errorRate, GateSpec[] gates)
    {
        var random = new Random(seed);
        var ranks = Enumerable.Range(0, 100).Select(_ => random.NextDouble()).Order().ToList();
        var exceed50 = 1 - ranks[49];
        var exceed90 = 1 - ranks[89];
        var p50 = new RatioPromotion(gates[1].Margin, []);
        var p90 = new RatioPromotion(gates[2].Margin, []);
        var pairs = default(PairCounts);
        var needed = Math.Log(20);
        var requests = (long)(100 / (1 - weight));
        while (PairedBetting.Log(pairs, gates[0].Margin) < needed || p50.Log < needed || p90.Log < needed)
        {
            var (source, target) = (default(Counts), default(Counts));
            var failed = (Source: new List<bool>(), Target: new List<bool>());
            for (var i = 0; i < 200 || target.N < 3; i++)
            {
                requests++;
                var latency = random.NextDouble();
                var (is50, is90, isFailed) = (latency < exceed50 ? 1 : 0, latency < exceed90 ? 1 : 0, random.NextDouble() < errorRate);
                if (random.NextDouble() < weight)
                {
                    target = new(target.N + 1, target.Over50 + is50, target.Over90 + is90);
                    failed.Target.Add(isFailed);
                }
                else
                {
                    source = new(source.N + 1, source.Over50 + is50, source.Over90 + is90);
                    failed.Source.Add(isFailed);
                }
            }

            foreach (var (t, s) in failed.Target.Zip(failed.Source))
            {
                pairs += new PairCounts(t && !s ? 1 : 0, t == s ? 1 : 0, s && !t ? 1 : 0);
            }

            p50.Fold(new EventBlock(source.N, source.Over50, target.N, target.Over50));
            p90.Fold(new EventBlock(source.N, source.Over90, target.N, target.Over90));
        }

        return requests;
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    private readonly record struct Counts(long N, long Over50, long Over90);
}
