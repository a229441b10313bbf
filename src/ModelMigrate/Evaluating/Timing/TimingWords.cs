using System.Globalization;
using ModelMigrate.Core.Evaluation.Timing;

namespace ModelMigrate.Evaluating.Timing;

/// <summary>Measured times as people read them.</summary>
internal static class TimingWords
{
    /// <summary><c>812 ms</c>, or <c>≥ 60000 ms</c> where it falls among failed calls.</summary>
    public static string Of(PercentileFigure figure) => figure.Ms is { } ms ? $"{(figure.IsAtLeast ? "≥ " : "")}{Number(ms)} ms" : "-";

    /// <summary>With its interval: <c>812 [790, 840] ms</c>; an end that is not known is a dash.</summary>
    public static string WithInterval(PercentileFigure figure) =>
        figure.Ms is { } ms ? $"{(figure.IsAtLeast ? "≥ " : "")}{Number(ms)} [{(figure.LowMs is { } low ? Number(low) : "-")}, {(figure.HighMs is { } high ? Number(high) : "-")}] ms" : "-";

    public static string Errors(IReadOnlyDictionary<string, long> errors) => errors.Count == 0 ? "-" : string.Join(", ", errors.Select(static error => $"{error.Value} x {error.Key}"));

    /// <summary>Three digits or more: a gap between tokens is often below a millisecond.</summary>
    public static string Number(double value) => value.ToString(value < 10 ? "0.##" : value < 100 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
