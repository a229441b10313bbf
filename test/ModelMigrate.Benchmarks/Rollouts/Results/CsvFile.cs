using System.Globalization;

namespace ModelMigrate.Benchmarks.Rollouts.Results;

/// <summary>Writes every cell as a line of comma-separated values; empty where there is nothing to say.</summary>
internal static class CsvFile
{
    public const string Header =
        "scenario,kind,rate,method,repetitions,rolled_back,rollback_low,rollback_high,promoted,median_exposed,p95_exposed,mean_exposed_30min,median_delay_s,median_promotion_s";

    public static async Task WriteAsync(IReadOnlyList<Cell> cells, string file)
    {
        await using var writer = new StreamWriter(file) { NewLine = "\n" };
        await writer.WriteLineAsync(Header);
        foreach (var cell in cells)
        {
            await writer.WriteLineAsync(Line(cell));
        }
    }

    private static string Line(Cell cell)
    {
        var (low, high) = Wilson.Interval(cell.RolledBack, cell.Repetitions);
        return string.Join(
            ',',
            cell.Scenario, Kind(cell), Text(cell.Rate, "0.###"), cell.Method, Text(cell.Repetitions, "0"),
            Text(cell.RollbackRate, "0.0000"), Text(low, "0.0000"), Text(high, "0.0000"), Text(cell.PromotionRate, "0.0000"),
            Text(cell.MedianExposed, "0"), Text(cell.P95Exposed, "0"), Text(cell.MeanExposed, "0.0"), Text(cell.MedianDelay, "0.0"), Text(cell.MedianPromotion, "0"));
    }

    private static string Kind(Cell cell) => cell.Kind.ToString().ToLowerInvariant();

    private static string Text(double value, string format) => double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture);
}
