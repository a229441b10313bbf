using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Scenarios;

/// <summary>Where it depends on what one wants, or where no rule can know: measured and reported.</summary>
internal static class ReportedScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Reported("whale-sick", "one user sends 30 % of the traffic; the target fails half of its requests, nobody else's",
            new ArmModel(), new ArmModel { KeyErrors = static key => key == 0 ? 0.5 : 0 }) with
        {
            HeavyShare = 0.3,
        },
        Reported("sick-keys", "three users send 10 % of the traffic each and fail at 30 % on either arm", SickKeys, SickKeys) with { HeavyKeys = 3, HeavyShare = 0.3 },
        Reported("mix-shift", "forty tenants send 40 % of the traffic, each failing at its own rate up to 12 %, the same on both arms", Tenants, Tenants) with
        {
            HeavyKeys = 40,
            HeavyShare = 0.4,
        },
        Reported("burst-target", "the target alone is throttled to 40 % for one minute",
            new ArmModel(), new ArmModel { Throttled = static at => at is > 720 and < 780 ? 0.4 : 0 }) with { Onset = 720 },
        Reported("cold-start-target", "the target alone is slow for its first five minutes",
            new ArmModel(), new ArmModel { Slower = static at => 1 + (3 * Math.Max(0, 1 - (at / 300))), SlowerFirst = static at => 1 + (3 * Math.Max(0, 1 - (at / 300))) }),
        Reported("lost-2", "the metric pipeline loses 2 % of the target's requests", new ArmModel(), new ArmModel()) with { LostOnTarget = 0.02 },
        Reported("cost-x1.1", "a request costs 1.1 times as much, which the default cost gate tolerates", new ArmModel(), new ArmModel { Cost = 0.0022 }) with
        {
            Extra = ExtraMetrics.Cost,
        },
        Reported("judge-bias", "equal answers that the judge of quality scores 0.02 lower on the target", new ArmModel(), new ArmModel { Quality = 0.78 }) with
        {
            Extra = ExtraMetrics.Quality,
        },
        Reported("slightly-worse", "0.3 pp more failures, inside the margin", new ArmModel(), new ArmModel { Errors = static _ => 0.008 }),
        Reported("slightly-better", "0.3 pp fewer failures", new ArmModel(), new ArmModel { Errors = static _ => 0.002 }),
    ];

    private static ArmModel SickKeys => new() { KeyErrors = static key => key < 3 ? 0.295 : 0 };

    private static ArmModel Tenants => new() { KeyErrors = static key => key < 40 ? 0.12 * (key * 7 % 40) / 39 : 0 };

    private static Scenario Reported(string name, string title, ArmModel source, ArmModel target) =>
        new() { Name = name, Kind = ScenarioKind.Reported, Title = title, Source = source, Target = target };
}
