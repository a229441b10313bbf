using System.Globalization;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Core.Plans.Stopping;

/// <summary>How often an absolute hard stop would roll back a target that is exactly as good as the source.</summary>
public sealed record FalseRollback
{
    /// <summary>The hard stop.</summary>
    public required string Name { get; init; }

    /// <summary>The rule in words.</summary>
    public required string Rule { get; init; }

    /// <summary>Share of healthy migrations that it rolls back, 0 to 1; null when it cannot be simulated.</summary>
    public double? Probability { get; init; }

    /// <summary>Lower end of the 95 % Wilson interval of the simulation.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end of the 95 % Wilson interval of the simulation.</summary>
    public double? High { get; init; }

    /// <summary>Migrations simulated.</summary>
    public int Repetitions { get; init; }

    /// <summary>Why it cannot be simulated and what to say, or null.</summary>
    public string? Missing { get; init; }

    /// <summary>One sentence: the rule and its figure.</summary>
    public string Text => Probability is not { } probability
        ? $"{Name} ({Rule}): {Missing}"
        : string.Create(CultureInfo.InvariantCulture, $"{Name} ({Rule}) would roll back {Percent(probability)} of healthy migrations (95 % interval {Percent(Low!.Value)} to {Percent(High!.Value)}, {Repetitions} simulated).");

    internal static FalseRollback Of(HardStopSpec spec, int fired, int repetitions)
    {
        var (low, high) = Wilson.Of(fired, repetitions);
        return new()
        {
            Name = spec.Name,
            Rule = spec.Words(),
            Probability = fired / (double)repetitions,
            Low = low,
            High = high,
            Repetitions = repetitions,
        };
    }

    internal static FalseRollback Unknown(HardStopSpec spec, string missing) => new() { Name = spec.Name, Rule = spec.Words(), Missing = missing };

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");
}
