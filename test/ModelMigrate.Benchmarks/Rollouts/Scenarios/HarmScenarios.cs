using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Scenarios;

/// <summary>A target that is worse: the sooner it is taken back the better, and every promotion is bad.</summary>
internal static class HarmScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Errors(1), Errors(2), Errors(5), Errors(20),
        Slower(1.2), Slower(1.5), Slower(2),
        SlowerFirst(1.2), SlowerFirst(1.5), SlowerFirst(2),
        Quality(3), Quality(5), Quality(10),
        Cost(1.5), Cost(3),
        Harm("slow-drift", "failures creep from 0.5 to 3.5 % over the run", new ArmModel { Errors = static at => 0.005 + (0.03 * Math.Min(1, at / Schedule.Horizon)) }),
        Harm("late-onset", "5 pp more failures from minute 22 on", new ArmModel { Errors = static at => at > 1320 ? 0.055 : 0.005 }) with { Onset = 1320 },
        Harm("approval-wait", "5 pp more failures from minute 12 on; our first step waits for an approval that nobody gives",
            new ArmModel { Errors = static at => at > 720 ? 0.055 : 0.005 }) with { Onset = 720, NeedsApproval = true },
        Harm("errors+5-crashes", "5 pp more failures, the controller is killed every two minutes",
            new ArmModel { Errors = static _ => 0.055 }) with { CrashEvery = 120 },
    ];

    private static Scenario Errors(int points) =>
        Harm($"errors+{points}", $"{points} pp more failures", new ArmModel { Errors = _ => 0.005 + (points / 100.0) });

    private static Scenario Slower(double factor) =>
        Harm($"latency-x{factor}", $"answers take {factor} times as long", new ArmModel { Slower = _ => factor });

    private static Scenario SlowerFirst(double factor) =>
        Harm($"first-token-x{factor}", $"the first token takes {factor} times as long", new ArmModel { SlowerFirst = _ => factor }) with
        {
            Extra = ExtraMetrics.FirstToken,
        };

    private static Scenario Quality(int percent) =>
        Harm($"quality-{percent}", $"quality is {percent} % lower", new ArmModel { Quality = 0.8 * (1 - (percent / 100.0)) }) with
        {
            Extra = ExtraMetrics.Quality,
        };

    private static Scenario Cost(double factor) =>
        Harm($"cost-x{factor}", $"a request costs {factor} times as much", new ArmModel { Cost = 0.002 * factor }) with { Extra = ExtraMetrics.Cost };

    private static Scenario Harm(string name, string title, ArmModel target) =>
        new() { Name = name, Kind = ScenarioKind.Harm, Title = title, Target = target };
}
