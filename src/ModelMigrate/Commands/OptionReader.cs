using System.CommandLine;
using System.Globalization;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Commands;

/// <summary>
/// Reads what options hold as text, so that all that is wrong is said at once, and not the first of it alone. Null is an option that was left out, and one
/// that <paramref name="problems"/> heard of.
/// </summary>
internal sealed class OptionReader(ParseResult parsed, List<string> problems)
{
    public List<string> Problems => problems;

    public string? Text(Option<string?> option) => parsed.GetValue(option);

    public bool IsSet(Option<bool> option) => parsed.GetValue(option);

    public int? Whole(Option<string?> option, int least, int most, string example) => Text(option) is { } written ? Whole(option.Name, written, least, most, example) : null;

    /// <summary>Of an option that holds several: one of them.</summary>
    public int? Whole(string option, string written, int least, int most, string example)
    {
        if (int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        problems.Add(string.Create(CultureInfo.InvariantCulture, $"{option}: '{written}' is no whole number from {least} to {most}; write for example {example}."));
        return null;
    }

    public double? Real(Option<string?> option, double least, double most, string example)
    {
        if (Text(option) is not { } written)
        {
            return null;
        }

        if (double.TryParse(written, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        problems.Add(string.Create(CultureInfo.InvariantCulture, $"{option.Name}: '{written}' is no number from {least} to {most}; write for example {example}."));
        return null;
    }

    /// <param name="option">Holds a duration such as <c>2s</c>.</param>
    /// <param name="least">The shortest.</param>
    /// <param name="most">The longest.</param>
    /// <param name="range">Both in words, with an example.</param>
    public TimeSpan? Time(Option<string?> option, TimeSpan least, TimeSpan most, string range)
    {
        if (Text(option) is not { } written)
        {
            return null;
        }

        if (Quantity.TryDuration(written, out var time) && time >= least && time <= most)
        {
            return time;
        }

        problems.Add($"{option.Name}: '{written}' is no time from {range}.");
        return null;
    }

    /// <summary>US dollars that the calls of some models may cost, each of which must have a price: of one without, no limit could be kept.</summary>
    public decimal? MaxCost(Option<string?> option, IEnumerable<ComparedArm?> arms)
    {
        if (Text(option) is not { } written)
        {
            return null;
        }

        if (!decimal.TryParse(written, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) || dollars <= 0)
        {
            problems.Add($"{option.Name}: '{written}' is no amount of US dollars above 0; write for example 2.5, or leave it out.");
        }
        else if (arms.OfType<ComparedArm>().Where(static arm => arm.Model.Cost(1, 1) is null).Select(static arm => arm.Name).ToList() is { Count: > 0 } unpriced)
        {
            problems.Add($"{option.Name} cannot be kept: no price is known of {string.Join(" and ", unpriced)}. Write inputCostPer1k and outputCostPer1k into the catalog entry, or leave it out.");
        }

        return dollars;
    }

    /// <summary>Columns of data files: <c>prompt=question</c>.</summary>
    public ColumnMap Columns(Option<string?> option)
    {
        var map = ColumnMap.TryParse(Text(option) ?? "", out var wrong);
        problems.AddRange(wrong.Select(problem => $"{option.Name}: {problem}"));
        return map ?? ColumnMap.None;
    }

    /// <summary>Options that would be without effect.</summary>
    public void Refuse(string because, params ReadOnlySpan<Option<string?>> options)
    {
        foreach (var option in options)
        {
            if (Text(option) is not null)
            {
                problems.Add($"{option.Name}: {because}; leave it out.");
            }
        }
    }
}
