using ModelMigrate.Core.Plans.Growing;
using ModelMigrate.Core.Plans.Stopping;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Core.Plans.Forecasting;

/// <summary>
/// What a migration will take: time and requests until a healthy target is promoted, and how many requests meet a sick one until it is
/// rolled back. Simulated through the judge and decider that run live, else by the formulas of <see cref="ExposureForecast"/>. Deterministic.
/// </summary>
public sealed record MigrationForecast
{
    /// <summary>The migration's id, or <c>forecast</c> for one that only options describe.</summary>
    public required string Migration { get; init; }

    public required string Route { get; init; }

    public required string Source { get; init; }

    public required string Target { get; init; }

    public required Traffic Traffic { get; init; }

    /// <summary>Decided every simulated request.</summary>
    public required uint Seed { get; init; }

    /// <summary>What each step needs when the target is healthy; the same as <c>check</c> prints.</summary>
    public required ExposureForecast Steps { get; init; }

    /// <summary>A target exactly as good as the source.</summary>
    public required ForecastAnswer Healthy { get; init; }

    /// <summary>Targets that are worse.</summary>
    public required IReadOnlyList<ForecastAnswer> Sick { get; init; }

    /// <summary>What absolute hard stops would do to a healthy target; null without any.</summary>
    public HardStopForecast? HardStops { get; init; }

    /// <summary>The gates that the traffic says too little of, so that they are left out.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Whether a healthy target is promoted within the patience of its own steps more often than not.</summary>
    public bool IsPromotable => Healthy.Median is not null;

    /// <summary>The kinds of targets that a forecast asks about.</summary>
    public static IReadOnlyList<Question> Questions { get; } =
    [
        new("errors +1 pp") { ErrorsAdded = 0.01 },
        new("errors +2 pp") { ErrorsAdded = 0.02 },
        new("errors +5 pp") { ErrorsAdded = 0.05 },
        new("errors +20 pp") { ErrorsAdded = 0.2 },
        new("latency 1.2 x") { LatencyFactor = 1.2 },
        new("latency 1.5 x") { LatencyFactor = 1.5 },
        new("latency 2 x") { LatencyFactor = 2 },
        new("quality -3 %") { QualityFactor = 0.97 },
        new("quality -5 %") { QualityFactor = 0.95 },
        new("quality -10 %") { QualityFactor = 0.9 },
    ];

    /// <summary>Forecasts a migration.</summary>
    /// <param name="spec">What is to run.</param>
    /// <param name="traffic">What the route's traffic is like.</param>
    /// <param name="options">How.</param>
    /// <param name="cancel">Gives up.</param>
    public static MigrationForecast Of(RolloutSpec spec, Traffic traffic, ForecastOptions options, CancellationToken cancel = default)
    {
        var steps = ExposureForecast.Of(spec, traffic, traffic.Rate);
        var formulas = new ForecastFormulas(spec, traffic, steps);
        var (healthy, sick) = (formulas.Healthy(), Questions.Select(formulas.Sick).ToList());
        var simulation = new ForecastSimulation(spec, traffic, options, [healthy, .. sick]);
        return new()
        {
            Migration = spec.Id.Value,
            Route = spec.Route.Value,
            Source = spec.Source.Value,
            Target = spec.Target.Value,
            Traffic = traffic,
            Seed = options.Seed,
            Steps = steps,
            Healthy = simulation.Ask(Question.Healthy, number: 0, healthy, cancel),
            Sick = [.. Questions.Select((question, i) => simulation.Ask(question, i + 1, sick[i], cancel))],
            HardStops = HardStopForecast.Of(spec, traffic),
            LeftOut = [.. spec.Gates.Where(gate => !BetRates.IsSimulated(gate.Metric)).Select(gate => gate.Name)],
        };
    }
}
