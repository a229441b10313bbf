using System.Globalization;

namespace ModelMigrate.Core.Evaluation.Checking;

/// <summary>A line that a metric's value must hold.</summary>
/// <param name="Metric">Its id.</param>
/// <param name="IsAtLeast">Whether the value must be at or above the line, else at or below.</param>
/// <param name="Line">In the metric's unit.</param>
public sealed record Threshold(string Metric, bool IsAtLeast, double Line)
{
    /// <summary>Reads <c>exact>=0.8</c> or <c>latency&lt;=900</c>; null when it is neither.</summary>
    public static Threshold? TryParse(string text)
    {
        var at = text.IndexOfAny(['<', '>']);
        return at > 0 && at + 1 < text.Length && text[at + 1] == '='
            && double.TryParse(text.AsSpan(at + 2), NumberStyles.Float, CultureInfo.InvariantCulture, out var line) && double.IsFinite(line)
            ? new Threshold(text[..at].Trim(), text[at] == '>', line)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Metric}{(IsAtLeast ? ">=" : "<=")}{Line}");
}
