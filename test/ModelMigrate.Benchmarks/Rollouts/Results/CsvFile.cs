using System.Globalization;
using ModelMigrate.Benchmarks.Rollouts.Traffic;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Benchmarks.Rollouts.Results;

/// <summary>Every cell as a line of comma-separated values; empty where there is nothing to say.</summary>
internal static class CsvFile
{
    public const string Header =
        "scenario,kind,rate,method,repetitions,rolled_back,rollback_low,rollback_high,promoted,median_exposed,p95_exposed,mean_exposed_30min,median_delay_s,median_promotion_s";

    public static string Write(IReadOnlyList<Cell> cells) => string.Concat(cells.Select(Line).Prepend(Header).Select(line => line + "\n"));

    /// <summary>Reads what <see cref="Write"/> wrote; without the course over time, which only pictures need.</summary>
    public static IReadOnlyList<Cell> Read(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => Read(line.Split(',')))];

    private static Cell Read(string[] fields)
    {
        var repetitions = (int)Number(fields[4]);
        return new Cell
        {
            Scenario = fields[0],
            Kind = Enum.Parse<ScenarioKind>(fields[1], ignoreCase: true),
            Rate = Number(fields[2]),
            Method = fields[3],
            Repetitions = repetitions,
            RolledBack = (int)Math.Round(Number(fields[5]) * repetitions),
            Promoted = (int)Math.Round(Number(fields[8]) * repetitions),
            MedianExposed = Number(fields[9]),
            P95Exposed = Number(fields[10]),
            MeanExposed = Number(fields[11]),
            MedianDelay = Number(fields[12]),
            MedianPromotion = Number(fields[13]),
            RolledBackBy = [],
        };
    }

    private static double Number(string text) => text.Length == 0 ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture);

    private static string Line(Cell cell)
    {
        var (low, high) = Wilson.Of(cell.RolledBack, cell.Repetitions);
        return string.Join(
            ',',
            cell.Scenario, Kind(cell), Text(cell.Rate, "0.###"), cell.Method, Text(cell.Repetitions, "0"),
            Text(cell.RollbackRate, "0.0000"), Text(low, "0.0000"), Text(high, "0.0000"), Text(cell.PromotionRate, "0.0000"),
            Text(cell.MedianExposed, "0"), Text(cell.P95Exposed, "0"), Text(cell.MeanExposed, "0.0"), Text(cell.MedianDelay, "0.0"), Text(cell.MedianPromotion, "0"));
    }

    private static string Kind(Cell cell) => cell.Kind.ToString().ToLowerInvariant();

    private static string Text(double value, string format) => double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture);
}
