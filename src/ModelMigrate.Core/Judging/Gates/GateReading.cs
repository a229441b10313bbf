using System.Runtime.InteropServices;
using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Judging.Gates;

/// <summary>What one look at a gate found, for <see cref="GateRule.Evidence"/>. Evidence is the natural logarithm of an e-value.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GateReading
{
    /// <summary>The margin factor that was asked for.</summary>
    public required double Factor { get; init; }

    /// <summary>Whether there is something of both arms to compare.</summary>
    public required bool Compares { get; init; }

    /// <summary>What stands in the way of every decision, or null.</summary>
    public string? Note { get; init; }

    public HarmReading Harm { get; init; }

    /// <summary>The test since the promotion, or null without one.</summary>
    public HarmReading? Watch { get; init; }

    public double Promote { get; init; }

    /// <summary>As <see cref="Promote"/>, at the final margin.</summary>
    public double PromoteFinal { get; init; }

    /// <summary>Whether the margin at <see cref="Factor"/> is one that can be passed.</summary>
    public bool HasMargin { get; init; }

    /// <summary>How long the gate has been without data.</summary>
    public DataWatch? Data { get; init; }

    /// <summary>Exposures and events, or pairs and in how many an arm did worse.</summary>
    public EventBlock Counts { get; init; }

    public double? Effect { get; init; }

    public double? EffectLow { get; init; }

    public double? EffectHigh { get; init; }

    public bool EffectIsReliable { get; init; }

    /// <summary>Whether either test finds harm.</summary>
    public bool IsWorse => Harm.Holds || Watch is { Holds: true };

    /// <summary>Why harm is held back although a test's evidence crosses, or null.</summary>
    public static string? Obstacle(in HarmReading harm, in HarmReading? watch) =>
        harm.Holds || watch is { Holds: true } ? null : harm.Obstacle ?? watch?.Obstacle;
}
