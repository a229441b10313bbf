using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Core.Api;

/// <summary>One migration in a list.</summary>
public record MigrationSummary
{
    public required string Id { get; init; }

    public required string Route { get; init; }

    public required string Source { get; init; }

    public required string Target { get; init; }

    public required string Strategy { get; init; }

    /// <summary>The phase with its step counted from 1, for example <c>running(1)</c>, <c>awaiting_approval(2)</c>, <c>completed</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>The step counted from 1.</summary>
    public required int Step { get; init; }

    public required int Steps { get; init; }

    /// <summary>The target's share of the route, 0 to 1.</summary>
    public required double Weight { get; init; }

    public required int Attempt { get; init; }

    /// <summary>When the phase was entered.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Why it is where it is, in one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether the migration holds its route now.</summary>
    public required bool Active { get; init; }

    /// <summary>The phase as operators read it: snake case, with the step counted from 1 where the phase has one.</summary>
    public static string PhaseText(RolloutPhase phase, int step) => phase switch
    {
        RolloutPhase.Planned => "planned",
        RolloutPhase.Running => $"running({step + 1})",
        RolloutPhase.Holding => $"holding({step + 1})",
        RolloutPhase.AwaitingApproval => $"awaiting_approval({step + 1})",
        RolloutPhase.Paused => "paused",
        RolloutPhase.Frozen => "frozen",
        RolloutPhase.Promoting => "promoting",
        RolloutPhase.Watching => "watching",
        RolloutPhase.Completed => "completed",
        RolloutPhase.RollingBack => "rolling_back",
        RolloutPhase.RolledBack => "rolled_back",
        RolloutPhase.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, null),
    };
}
