using System.Text.Json;
using ModelMigrate.Control.Reports;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Judging;

namespace ModelMigrate.Tests.Control.Reports;

/// <summary>One migration frozen in time.</summary>
internal static class ReportSamples
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static MigrationDetail Detail() => new()
    {
        Id = "MIG-chat",
        Route = "chat",
        Source = "old",
        Target = "new",
        Strategy = "canary",
        Phase = "holding(2)",
        Step = 2,
        Steps = 3,
        Weight = 0.25,
        Attempt = 1,
        Since = Now.AddMinutes(-5),
        Reason = "The hold of step 2 is over but errors is undecided.",
        Active = true,
        SpecHash = "0123456789abcdef",
        TargetProven = false,
        EvidenceEpoch = 1,
        SourceArm = Arm("old", 9000, 45, 0, 45) with { P50Ms = 200, P90Ms = 350, P95Ms = 420, P99Ms = 600 },
        TargetArm = Arm("new", 1000, 6, 6, 0) with { P50Ms = 230, P90Ms = 380, P95Ms = 450, P99Ms = 470 },
        Gates = [],
        Blockers = ["Gate errors is undecided."],
        StopRules = ["errors5: errors more than 5 pp above the source's over 300 s, from 100 requests on, silent for 600 s after it fires; fired 2026-03-04 05:00:00Z."],
        ExposureSpent = 1000,
        ExposureLeft = 4000,
        ExposureBudget = 5000,
        EvidenceGapSeconds = 2,
        PendingChanges = ["alpha: 0.05 -> 0.01 (pending, takes effect with: model-migrate migrations retry MIG-chat)"],
        Verbs = ["pause", "promote", "rollback"],
        Events = [],
    };

    public static MigrationReport Report() => MigrationReport.Of(Detail(), [Gate()], Source(), Target(), Events(), Now);

    public static ModelView Source() => new()
    {
        Id = "old", Name = "old-1", Provider = "openai", Protocol = "openai", ContextLength = 128_000, MaxOutputTokens = 16_000,
        InputCostPer1k = 0.0025m, OutputCostPer1k = 0.01m, P50Ms = 200, P99Ms = 600, Capabilities = ["tools", "vision"],
    };

    public static ModelView Target() => new()
    {
        Id = "new", Name = "new-1", Provider = "anthropic", Protocol = "anthropic", ContextLength = 100_000, MaxOutputTokens = 8_000,
        InputCostPer1k = 0.005m, OutputCostPer1k = 0.02m, P50Ms = 200, P99Ms = 400, Capabilities = ["tools"],
    };

    private static ArmView Arm(string model, long requests, long failures, long rescued, long userErrors) => new()
    {
        Model = model,
        Provider = "p",
        Admitted = requests,
        Ended = requests,
        Failures = failures,
        ErrorRate = (double)failures / requests,
        Rescued = rescued,
        UserErrors = userErrors,
        Outcomes = new Dictionary<string, long>(StringComparer.Ordinal),
        InputTokens = requests * 10,
        OutputTokens = requests * 20,
        Cost = 1.5m,
    };

    private static GateEvidence Gate() => new()
    {
        Name = "errors", Metric = Metric.ErrorRate, Required = true, Verdict = Verdict.NotWorse, FinalVerdict = Verdict.Undecided, Margin = 0.02, FinalMargin = 0.01,
        HarmLog10 = 0.25, HarmWithoutOneKeyLog10 = 0.2, HarmNeededLog10 = 1.82, HarmAlpha = 0.0152, PromoteLog10 = 1.4, PromoteFinalLog10 = 0.9, PromoteNeededLog10 = 1.3,
        SourceExposures = 9000, SourceEvents = 45, TargetExposures = 1000, TargetEvents = 6, Effect = 0.001, EffectLow = -0.004, EffectHigh = 0.006,
    };

    private static IReadOnlyList<EventView> Events() =>
    [
        new()
        {
            Seq = 3, Migration = "MIG-chat", At = Now.AddMinutes(-6), Actor = "judge", Kind = "alerted", From = "holding(2)", To = "holding(2)", Weight = 0.25,
            Reason = "errors5: the hard stop fired.", Gate = "errors5",
            Evidence = JsonDocument.Parse("""
                {"gates":[],"hard_stops":[{"name":"errors5","metric":"error_rate","value":0.062,"threshold":0.05,"target_requests":130,"window_seconds":300,"relative_to_source":true}]}
                """).RootElement,
        },
        new()
        {
            Seq = 2, Migration = "MIG-chat", At = Now.AddMinutes(-15), Actor = "judge", Kind = "advanced", From = "holding(1)", To = "running(2)", Weight = 0.25,
            Reason = "Step 1 passed | all <good>\nnext", Alpha = 0.0304,
            Evidence = JsonDocument.Parse("""
                {"gates":[{"name":"errors","target_exposures":500,"target_events":3,"source_exposures":4500,"source_events":20,"harm_log10":-0.001,"harm_needed_log10":1.82,
                "promote_log10":1.31,"promote_needed_log10":1.3,"harm_alpha":0.0152}]}
                """).RootElement,
        },
        new()
        {
            Seq = 1, Migration = "MIG-chat", At = Now.AddMinutes(-30), Actor = "ann", Kind = "started", From = "planned", To = "running(1)", Weight = 0.1, Reason = "go",
        },
    ];
}
