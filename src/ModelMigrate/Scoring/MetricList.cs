using System.Globalization;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Metrics;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Output;

namespace ModelMigrate.Scoring;

/// <summary>Every metric of a profile with its parameters, for people or as JSON.</summary>
internal static class MetricList
{
    public static ExitCode Say(CommandContext context, MetricProfile profile)
    {
        var metrics = MetricTable.Of(profile).ToList();
        using var programs = new CommandPool(path: null, context.Terminal.Time);
        if (profile == MetricProfile.Standard)
        {
            metrics.Add(CommandMetric.Row(programs, new Dictionary<string, string>(StringComparer.Ordinal)));
        }

        if (context.Json)
        {
            context.WriteJson(metrics.Select(View));
            return ExitCode.Ok;
        }

        foreach (var metric in metrics)
        {
            context.Say($"{metric.Id}  {Range(metric)}, {Direction(metric.Direction)}, version {metric.Version.ToString(CultureInfo.InvariantCulture)}");
            context.Say($"    {metric.Summary}");
            foreach (var parameter in metric.Parameters)
            {
                context.Say($"    {parameter.Name}={parameter.Default ?? "(needed)"}{Values(parameter)}  {parameter.Meaning}");
            }
        }

        return ExitCode.Ok;
    }

    /// <summary>In words, as the list and the summary say it.</summary>
    public static string Direction(MetricDirection direction) => direction switch
    {
        MetricDirection.HigherIsBetter => "higher is better",
        MetricDirection.LowerIsBetter => "lower is better",
        MetricDirection.Neither => "neither is better",
    };

    private static string Range(MetricDefinition metric) => $"{Bound(metric.Low)} to {Bound(metric.High)}";

    private static string Bound(double bound) => double.IsFinite(bound) ? bound.ToString(CultureInfo.InvariantCulture) : bound > 0 ? "any" : "below 0";

    private static string Values(MetricParameter parameter) =>
        parameter.Choices.Count > 0 ? $" ({string.Join(", ", parameter.Choices)})"
        : parameter.Bounds is { } bounds ? string.Create(CultureInfo.InvariantCulture, $" ({bounds.Least} to {bounds.Most})")
        : "";

    /// <summary>Infinite bounds are null: JSON has no word for them.</summary>
    private static object View(MetricDefinition metric) => new
    {
        metric.Id,
        metric.Version,
        metric.Summary,
        Low = double.IsFinite(metric.Low) ? metric.Low : (double?)null,
        High = double.IsFinite(metric.High) ? metric.High : (double?)null,
        metric.Direction,
        metric.Need,
        Parameters = metric.Parameters.Select(static parameter => new
        {
            parameter.Name,
            parameter.Default,
            Needed = parameter.Default is null,
            parameter.Choices,
            Least = parameter.Bounds?.Least,
            Most = parameter.Bounds?.Most,
            parameter.Meaning,
        }),
    };
}
