using System.Globalization;
using Xunit.Abstractions;

namespace ModelMigrate.Tests.Scenarios;

/// <summary>Measured rates of what must not happen more often than α, one line a scenario, each with the count that chance still explains.</summary>
internal sealed class FigureTable(string title, string extra = "")
{
    private readonly List<string> _lines = [Line(title, "of", "times", "rate", "at most", extra)];
    private readonly List<string> _exceeded = [];

    /// <summary>The scenarios beyond their bound.</summary>
    public IReadOnlyList<string> Exceeded => _exceeded;

    public void Add(string name, int repetitions, int times, double rate, FormattableString? extra = null)
    {
        var limit = Repetitions.Limit(repetitions, rate);
        if (times > limit)
        {
            _exceeded.Add($"{name}: {times} of {repetitions}, at most {limit}");
        }

        _lines.Add(Line(
            name, Text($"{repetitions}"), Text($"{times}"), Text($"{100.0 * times / repetitions:0.00} %"), Text($"{limit}"),
            extra is null ? "" : Text(extra)));
    }

    public void Print(ITestOutputHelper output) => Repetitions.Report(output, string.Join(Environment.NewLine, _lines));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Line(string name, string of, string times, string rate, string limit, string extra) =>
        $"{name,-46} {of,6} {times,6} {rate,8} {limit,8}  {extra}".TrimEnd();
}
