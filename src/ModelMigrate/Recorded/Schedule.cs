using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Recorded;

/// <summary>The ramp under which requests were recorded: which share the target had, from when to when.</summary>
internal sealed record Schedule(IReadOnlyList<RolloutStep> Steps)
{
    /// <summary>As the option writes it: <c>5%:10m,25%:10m,50%:10m</c>, in growing order. Else says what is wrong.</summary>
    public static Schedule? TryParse(string text, out string wrong)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var steps = new List<RolloutStep>();
        foreach (var part in parts)
        {
            var at = part.IndexOf(':', StringComparison.Ordinal);
            var (share, hold) = (0.0, TimeSpan.Zero);
            var isRead = at > 0 && Quantity.TryShare(part[..at], out share) && Quantity.TryDuration(part[(at + 1)..], out hold);
            var weight = (int)Math.Round(share * SplitSnapshot.Total);
            if (!isRead || hold <= TimeSpan.Zero || weight is not (> 0 and < SplitSnapshot.Total))
            {
                wrong = $"--schedule: '{part}' is not a share and a time. Write for example 5%:10m,25%:10m,50%:10m.";
                return null;
            }

            if (steps is [.., { } last] && last.WeightPpm >= weight)
            {
                wrong = $"--schedule: '{part}' is not above the step before it. Write the steps in growing order.";
                return null;
            }

            // The margins are those of a migration that names none.
            steps.Add(new RolloutStep { WeightPpm = weight, Hold = hold, MarginFactor = Math.Min(4, Math.Pow(2, parts.Length - 1 - steps.Count)) });
        }

        wrong = "";
        return new Schedule(steps);
    }

    /// <summary>The target's share at a time since the start; the last one goes on.</summary>
    public int WeightAt(TimeSpan since)
    {
        foreach (var step in Steps)
        {
            since -= step.Hold;
            if (since < TimeSpan.Zero)
            {
                return step.WeightPpm;
            }
        }

        return Steps[^1].WeightPpm;
    }
}
