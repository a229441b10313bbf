using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Judging.Gates;

/// <summary>The gates of a migration that names none, and what a gate has that says no more than its metric.</summary>
public static class GateDefaults
{
    /// <summary>
    /// Chat: failures within 1 pp; total latency exceedance at p50 and p90 within 1.5, of which up to 1.25 is no harm. Latency as a whole is
    /// watched for harm: over all of the distribution a slower target shows several times sooner than at one quantile; the quantiles also see
    /// requests that still run.
    /// </summary>
    public static IReadOnlyList<GateSpec> Chat { get; } =
    [
        new() { Name = "errors", Metric = Metric.ErrorRate, Margin = 0.01, Tolerance = 1, AlphaShare = 4 },
        new() { Name = "latency_p50", Metric = Metric.LatencyP50, Margin = 1.5, Tolerance = 1.25, AlphaShare = 1 },
        new() { Name = "latency_p90", Metric = Metric.LatencyP90, Margin = 1.5, Tolerance = 1.25, AlphaShare = 1 },
        new() { Name = "latency", Metric = Metric.Latency, Margin = 0.15, Tolerance = 0.01, AlphaShare = 2, Required = false },
    ];

    private static readonly GateSpec s_refusals = Of(Metric.CheckFailureRate, Signal.Refusal) with { Name = Signal.Refusal, AlphaShare = 0.5 };
    private static readonly GateSpec s_throttling = Of(Metric.ThrottlingRate) with { AlphaShare = 0.5 };
    private static readonly GateSpec s_p95 = Of(Metric.LatencyP95);

    /// <summary>Only metrics that live traffic has today.</summary>
    public static IReadOnlyList<GateSpec> For(MigrationType type) => type switch
    {
        MigrationType.Chat => Chat,
        MigrationType.Structured or MigrationType.VersionUpgrade or MigrationType.Quantization or MigrationType.FineTuned => [.. Chat, s_refusals],
        MigrationType.ArchitectureChange => [.. Chat, s_p95 with { AlphaShare = 0.5 }, s_refusals],
        MigrationType.ProviderSwitch => [.. Chat, s_throttling, s_refusals],
        MigrationType.Consolidation => [.. Chat, s_throttling],
        MigrationType.Embeddings or MigrationType.Audio => [.. Chat.Take(2), s_p95, Chat[3]],
    };

    /// <summary>A gate with the margin and tolerance that its metric has when nobody says.</summary>
    public static GateSpec Of(Metric metric, string? check = null)
    {
        foreach (var known in Chat)
        {
            if (known.Metric == metric)
            {
                return known;
            }
        }

        var (name, margin, tolerance) = metric switch
        {
            Metric.ErrorRate => ("errors", 0.01, 1),
            Metric.ThrottlingRate => ("throttling", 0.01, 1),
            Metric.CheckFailureRate => (check ?? "check", 0.01, 1),
            Metric.LatencyP50 => ("latency_p50", 1.5, 1.25),
            Metric.LatencyP90 => ("latency_p90", 1.5, 1.25),
            Metric.LatencyP95 => ("latency_p95", 1.5, 1.25),
            Metric.FirstTokenP50 => ("firstTokenP50", 1.5, 1.0),
            Metric.FirstTokenP90 => ("firstTokenP90", 1.5, 1),
            Metric.FirstTokenP95 => ("firstTokenP95", 1.5, 1),
            Metric.Cost => ("cost", 1.2, 1.1),
            Metric.Quality => ("quality", 0.03, 0.01),
            Metric.Preference => ("preference", 0.1, 0),
            Metric.Satisfaction => ("satisfaction", 0.05, 0.02),
            Metric.Latency => ("latency", 0.15, 0.01),
            Metric.FirstToken => ("first_token", 0.15, 0.01),
        };
        return new GateSpec { Name = name, Metric = metric, Check = check, Margin = margin, Tolerance = tolerance };
    }
}
