using ModelMigrate.Core.Api;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Explaining;
using ModelMigrate.Core.Plans.Stopping;

namespace ModelMigrate.Control.Reports;

/// <summary>One migration's report from live values: what moved where, what was decided on which evidence, and how the arms compare.</summary>
internal sealed record MigrationReport
{
    public required string MigrationId { get; init; }

    public required DateTimeOffset GeneratedAt { get; init; }

    public required string Route { get; init; }

    /// <summary>The phase now; an ended migration's outcome.</summary>
    public required string Outcome { get; init; }

    public required string Reason { get; init; }

    /// <summary>The oldest journal entry, or null when nothing happened yet.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, or null while it is under way.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public required int Attempt { get; init; }

    /// <summary>The target's share of the route now, 0 to 1.</summary>
    public required double Weight { get; init; }

    public required bool TargetProven { get; init; }

    public required string SpecHash { get; init; }

    /// <summary>Null when the catalog no longer knows it.</summary>
    public ModelView? Source { get; init; }

    public ModelView? Target { get; init; }

    public required ArmView SourceArm { get; init; }

    public required ArmView TargetArm { get; init; }

    public required IReadOnlyList<ReportGate> Gates { get; init; }

    /// <summary>The hard stops that are configured, one sentence each.</summary>
    public required IReadOnlyList<string> StopRules { get; init; }

    /// <summary>The hard stops that fired, oldest first.</summary>
    public required IReadOnlyList<ReportStop> StopsFired { get; init; }

    /// <summary>What the absolute hard stops would do to a healthy target; null without any.</summary>
    public HardStopForecast? HardStops { get; init; }

    public required IReadOnlyList<Criterion> Criteria { get; init; }

    public required IReadOnlyList<Risk> Risks { get; init; }

    /// <summary>Requests that met the target, out of all that the migration assigned, in this attempt.</summary>
    public required long Exposed { get; init; }

    public required long Assigned { get; init; }

    /// <summary>Exposures journalled as spent of the budget; null without a budget.</summary>
    public long? ExposureSpent { get; init; }

    public int? ExposureBudget { get; init; }

    /// <summary>Target failures that another model answered, so that the client saw a success.</summary>
    public required long Rescued { get; init; }

    /// <summary>Failures that clients saw, on either arm.</summary>
    public required long UserErrors { get; init; }

    public required double EvidenceGapSeconds { get; init; }

    public required IReadOnlyList<string> PendingChanges { get; init; }

    /// <summary>Every decision with its evidence and α, oldest first.</summary>
    public required IReadOnlyList<EventView> Timeline { get; init; }

    /// <param name="detail">Where the migration stands.</param>
    /// <param name="gates">The evidence of its gates, empty before it starts.</param>
    /// <param name="source">The source in the catalog.</param>
    /// <param name="target">The target in the catalog.</param>
    /// <param name="events">Its journal entries in any order.</param>
    /// <param name="now">When the report is made.</param>
    public static MigrationReport Of(
        MigrationDetail detail, IReadOnlyList<GateEvidence> gates, ModelView? source, ModelView? target, IReadOnlyList<EventView> events, DateTimeOffset now)
    {
        var timeline = events.OrderBy(entry => entry.Seq).ToList();
        var hasEnded = detail.Phase is "completed" or "rolled_back" or "failed";
        return new()
        {
            MigrationId = detail.Id,
            GeneratedAt = now,
            Route = detail.Route,
            Outcome = detail.Phase,
            Reason = detail.Reason,
            StartedAt = timeline.Count > 0 ? timeline[0].At : null,
            EndedAt = hasEnded ? detail.Since : null,
            Attempt = detail.Attempt,
            Weight = detail.Weight,
            TargetProven = detail.TargetProven,
            SpecHash = detail.SpecHash,
            Source = source,
            Target = target,
            SourceArm = detail.SourceArm,
            TargetArm = detail.TargetArm,
            Gates = [.. gates.Select(gate => ReportGate.Of(gate, Explanations.Of(gate, detail.Weight)))],
            StopRules = detail.StopRules,
            StopsFired = ReportStop.Of(timeline),
            HardStops = detail.HardStops,
            Criteria = Criterion.Of(detail.TargetArm, target),
            Risks = Risk.Of(source, target),
            Exposed = detail.TargetArm.Admitted,
            Assigned = detail.TargetArm.Admitted + detail.SourceArm.Admitted,
            ExposureSpent = detail.ExposureBudget is null ? null : detail.ExposureSpent,
            ExposureBudget = detail.ExposureBudget,
            Rescued = detail.TargetArm.Rescued,
            UserErrors = detail.TargetArm.UserErrors + detail.SourceArm.UserErrors,
            EvidenceGapSeconds = detail.EvidenceGapSeconds,
            PendingChanges = detail.PendingChanges,
            Timeline = timeline,
        };
    }
}
