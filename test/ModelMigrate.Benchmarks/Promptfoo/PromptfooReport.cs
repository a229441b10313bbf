using System.Globalization;

namespace ModelMigrate.Benchmarks.Promptfoo;

/// <summary>Prints runs and holds figures against their goals.</summary>
internal sealed class PromptfooReport(TextWriter output)
{
    /// <summary>Whether a goal was missed.</summary>
    public bool IsMissed { get; private set; }

    /// <summary>The median.</summary>
    public static double Seconds(IReadOnlyList<MeteredRun> runs) => Median([.. runs.Select(static run => run.Seconds)]);

    /// <summary>The median in MB.</summary>
    public static double Peak(IReadOnlyList<MeteredRun> runs) => Median([.. runs.Select(static run => run.PeakBytes / 1048576.0)]);

    public Task RunsAsync(string provider, string who, IReadOnlyList<MeteredRun> runs) =>
        output.WriteLineAsync($"| {provider} | {who} | {Range([.. runs.Select(static run => run.Seconds)], "0.00")} | {Range([.. runs.Select(static run => run.PeakBytes / 1048576.0)], "0")} |");

    /// <summary>What the provider takes by itself.</summary>
    public Task BareAsync(string provider, double seconds) => output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {provider} | as many bare calls | {seconds:0.00} | |"));

    public Task GoalAsync(string what, double figure, double? atLeast = null, double? atMost = null)
    {
        var isMet = figure >= (atLeast ?? double.NegativeInfinity) && figure <= (atMost ?? double.PositiveInfinity);
        IsMissed |= !isMet;
        return output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {what} | {figure:0.00} | {(atLeast is not null ? "≥" : "≤")} {atLeast ?? atMost:0.##}{(isMet ? "" : ", missed")} |"));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Range(List<double> values, string format)
    {
        string Shown(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        return values.Count == 1 ? Shown(values[0]) : $"{Shown(Median(values))} [{Shown(values.Min())} … {Shown(values.Max())}]";
    }
}
