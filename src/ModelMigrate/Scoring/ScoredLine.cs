using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Scoring;

/// <summary>One line of a file while it is scored; each field is written once, by whoever does that step.</summary>
internal sealed class ScoredLine(long number, byte[] text)
{
    /// <summary>From 1.</summary>
    public long Number => number;

    /// <summary>The line's JSON; not needed once it is scored.</summary>
    public byte[] Text => text;

    /// <summary>Its <c>id</c> as JSON, or null.</summary>
    public string? Id { get; set; }

    /// <summary>What is wrong with the line, each with what to write instead; null when nothing is.</summary>
    public string? Wrong { get; set; }

    public MetricScore Score { get; set; }

    /// <summary>The counts of a corpus metric, or null.</summary>
    public double[]? Counts { get; set; }
}
