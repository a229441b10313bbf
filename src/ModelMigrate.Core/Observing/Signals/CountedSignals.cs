using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Signals;

/// <summary>What blocks must count beyond failures because a gate asks for it: nothing else is counted.</summary>
public sealed record CountedSignals
{
    /// <summary>Checks that an observation has bits for.</summary>
    public const int MaxChecks = 64;

    public static readonly CountedSignals None = new();

    /// <summary>Quantiles of the source to count exceedances of.</summary>
    public IReadOnlyList<LatencyQuantile> Quantiles { get; init; } = [];

    public bool Throttling { get; init; }

    /// <summary>
    /// The migration's checks by name; the i-th has the i-th bit of <see cref="Observation.Checked"/> and <see cref="Observation.FailedChecks"/>.
    /// </summary>
    public IReadOnlyList<string> Checks { get; init; } = [];

    /// <summary>The events, by name as <see cref="Signal"/> says it, whose keys are counted; a check among them is one of <see cref="Checks"/>.</summary>
    public IReadOnlyList<string> Keyed { get; init; } = [];

    public IReadOnlyList<PairedScore> Scores { get; init; } = [];

    /// <summary>The bit of a check in an observation, or 0 when it is none of these.</summary>
    public ulong BitOf(string check)
    {
        for (var i = 0; i < Checks.Count && i < MaxChecks; i++)
        {
            if (string.Equals(Checks[i], check, StringComparison.Ordinal))
            {
                return 1UL << i;
            }
        }

        return 0;
    }
}
