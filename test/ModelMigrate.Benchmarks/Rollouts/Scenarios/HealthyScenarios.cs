using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Scenarios;

/// <summary>Equal arms, or a target that is better: every rollback is false. What differs is what happens to both.</summary>
internal static class HealthyScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Both("healthy-0", "equal arms, nothing fails", Errors(0)),
        Both("healthy-0.5", "equal arms, 0.5 % fail", Errors(0.005)),
        Both("healthy-4", "equal arms, 4 % fail", Errors(0.04)),
        Both("healthy-6", "equal arms, 6 % fail", Errors(0.06)),
        Both("outage-both", "both fail at 30 % for five minutes across the first ramp",
            new ArmModel { Errors = static at => at is > 480 and < 780 ? 0.3 : 0.005 }),
        Both("outage-source", "the source alone fails at 30 % for five minutes", new ArmModel { Errors = static at => at is > 480 and < 780 ? 0.3 : 0.005 }) with
        {
            Target = new ArmModel(),
        },
        Both("diurnal", "load and errors follow a day squeezed into the run",
            new ArmModel { Errors = static at => 0.015 - (0.012 * Day(at)), Slower = static at => 1 + (0.4 * (1 + Day(at)) / 2) }) with
        {
            Load = static at => 1 + (0.6 * Day(at)),
            MostLoad = 1.6,
        },
        Both("load-ramp", "load grows fourfold while errors and latency grow with it",
            new ArmModel { Errors = static at => 0.005 + (0.02 * Math.Min(1, at / 1800)), Slower = static at => 1 + (0.5 * Math.Min(1, at / 1800)) }) with
        {
            Load = static at => 0.25 + (0.75 * Math.Min(1, at / 1800)),
        },
        Both("whale-equal", "one user sends 30 % of the traffic and fails at 5 % on either arm",
            new ArmModel { KeyErrors = static key => key == 0 ? 0.045 : 0 }) with
        {
            HeavyShare = 0.3,
        },
        Both("bursts", "both are throttled to 40 % for a minute, six times",
            new ArmModel { Throttled = static at => at % 300 is > 120 and < 180 ? 0.4 : 0 }),
        Both("cold-start", "both are four times slower at first and warm up over five minutes",
            new ArmModel { Slower = static at => 1 + (3 * Math.Max(0, 1 - (at / 300))), SlowerFirst = static at => 1 + (3 * Math.Max(0, 1 - (at / 300))) }),
        Both("slow-answers-fast-errors", "answers take ten seconds, failures a tenth of one",
            new ArmModel { Errors = static _ => 0.04, Median = 10, FirstToken = 2, ErrorSeconds = 0.1 }),
        Both("heavy-tails", "one answer in ten is stretched without mean; many time out",
            new ArmModel { TailShare = 0.1, TailShape = 0.9 }),
        Both("metric-gap", "the metric pipeline loses five minutes", new ArmModel()) with { GapFrom = 720, GapTo = 1020 },
        Both("late-duplicates", "3 % of the ends come twice, 3 % half a minute late", new ArmModel()) with { Disorder = 0.03 },
        Both("equal-quality-cost", "equal arms, quality, cost and first token gated too", new ArmModel()) with
        {
            Extra = ExtraMetrics.Quality | ExtraMetrics.Cost | ExtraMetrics.FirstToken,
        },
        Both("judge-noise", "equal arms, a quality score that scatters three times as much", new ArmModel { AnswerSigma = 0.24 }) with { Extra = ExtraMetrics.Quality },
        Both("crashes", "equal arms at 4 %, the controller is killed every four minutes and loses what it had not committed", Errors(0.04)) with { CrashEvery = 240 },
    ];

    private static ArmModel Errors(double rate) => new() { Errors = _ => rate };

    /// <summary>From −1 at night to 1 at noon; the run begins in the morning.</summary>
    private static double Day(double at) => Math.Sin(2 * Math.PI * at / 1800);

    private static Scenario Both(string name, string title, ArmModel arm) =>
        new() { Name = name, Kind = ScenarioKind.Healthy, Title = title, Source = arm, Target = arm };
}
