using System.Globalization;
using System.Text;

namespace ModelMigrate.Core.Plans.Forecasting;

/// <summary>A forecast as people read it.</summary>
public static class ForecastText
{
    public static string Write(MigrationForecast forecast)
    {
        var text = new StringBuilder();
        var traffic = forecast.Traffic;
        Line(text, $"{forecast.Migration}: route {forecast.Route} from {forecast.Source} to {forecast.Target}.");
        Line(text, $"At {traffic.RateText}, {traffic.ErrorRate * 100:0.###} % errors, a p95 latency of {Math.Exp(traffic.LatencySigma * Traffic.Exceeded(0.05)):0.#} medians, quality {traffic.Quality:0.##} with a spread of {traffic.QualitySpread:0.##} in {traffic.QualityShare * 100:0.#} % of the requests.");
        Line(text, $"Known from: {traffic.Label}.");
        text.AppendLine();
        Healthy(text, forecast);
        text.AppendLine();
        Sick(text, forecast);
        foreach (var line in forecast.HardStops?.Lines ?? [])
        {
            Line(text, $"{char.ToUpperInvariant(line[0])}{line[1..]}");
        }

        return text.ToString();
    }

    private static void Healthy(StringBuilder text, MigrationForecast forecast)
    {
        var healthy = forecast.Healthy;
        if (healthy.Median is { } median)
        {
            Line(text, $"A healthy target is promoted after {Time(median)} and {median.Requests:N0} requests, {median.Exposed:N0} of them on the target ({How(healthy)}).");
        }
        else
        {
            Line(text, $"A healthy target is not promoted more often than not{(healthy.Method == "simulated" ? $" ({How(healthy)})" : "")}.");
        }

        if (healthy.P90 is { } most)
        {
            Line(text, $"Nine of ten within {Time(most)}, {most.Requests:N0} requests, {most.Exposed:N0} on the target.");
        }

        if (healthy.RolledBack is > 0 and { } wrongly)
        {
            Line(text, $"{wrongly * 100:0.#} % of them are rolled back by mistake.");
        }

        if (healthy.Note is { } note)
        {
            Line(text, $"{note}");
        }

        foreach (var line in forecast.Steps.Lines)
        {
            Line(text, $"  {line}");
        }

        foreach (var warning in forecast.Steps.Warnings)
        {
            Line(text, $"  warning: {warning}");
        }
    }

    private static void Sick(StringBuilder text, MigrationForecast forecast)
    {
        Line(text, $"A sick target is rolled back after so many requests on it, and so much time:");
        Cells(text, "", "rolled back", "half", "nine of 10", "half", "nine of 10", "");
        if (forecast.Sick.All(answer => answer.Method == "none"))
        {
            Line(text, $"  none can be answered:");
        }

        foreach (var answer in forecast.Sick)
        {
            if (answer.Method != "none")
            {
                Cells(
                    text, answer.Question, answer.RolledBack is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %") : "",
                    Count(answer.Median), Count(answer.P90), Time(answer.Median), Time(answer.P90), How(answer));
            }
        }

        if (forecast.Sick.Any(answer => answer.Method != "none" && (answer.Median is null || answer.P90 is null)))
        {
            Line(text, $"  -: so many are promoted, or not rolled back in three times what the formulas expect; they end at the pause");
        }

        foreach (var alike in forecast.Sick.Where(answer => answer.Note is not null).GroupBy(answer => answer.Note, StringComparer.Ordinal))
        {
            Line(text, $"{string.Join(", ", alike.Select(answer => answer.Question))}: {alike.Key}");
        }
    }

    private static string How(ForecastAnswer answer) =>
        answer.Method == "simulated" ? $"{answer.Repetitions} simulated" : answer.Method == "formula" ? "by formula" : "";

    private static string Count(Figures? figures) => figures?.Exposed.ToString("N0", CultureInfo.InvariantCulture) ?? "-";

    private static string Time(Figures? figures) => figures is null ? "-" : ExposureForecast.Text(figures.Seconds);

    private static void Cells(
        StringBuilder text, string what, string share, string requests, string mostRequests, string time, string mostTime, string how) =>
        text.AppendLine($"  {what,-14} {share,11} {requests,9} {mostRequests,11} {time,9} {mostTime,11}  {how}".TrimEnd());

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
