using System.Text.Json;

namespace ModelMigrate.Core.Metrics.Matching;

/// <summary>Whether texts occur in an answer: those of a parameter, else the references.</summary>
internal sealed class TextMatch : Scorer
{
    private readonly string[]? _given;
    private readonly Func<string, string, bool> _occurs;
    private readonly bool _all;

    /// <param name="value">One text, a JSON array of texts, or empty for the references.</param>
    /// <param name="occurs">Answer, text.</param>
    /// <param name="all">Whether every text must, else one of them.</param>
    public TextMatch(string value, Func<string, string, bool> occurs, bool all) => (_given, _occurs, _all) = (Texts(value), occurs, all);

    public override MetricScore Score(AnswerSample sample)
    {
        var texts = (IReadOnlyList<string>?)_given ?? sample.References;
        if (texts.Count == 0)
        {
            return MetricScore.Without("There is nothing to look for: the case has no reference and the metric no value.");
        }

        var found = texts.Count(text => _occurs(sample.Prediction!, text));
        return MetricScore.Of((_all ? found == texts.Count : found > 0) ? 1 : 0);
    }

    private static string[]? Texts(string value)
    {
        if (value.Length == 0)
        {
            return null;
        }

        try
        {
            return value[0] == '[' ? JsonSerializer.Deserialize<string[]>(value) : [value];
        }
        catch (JsonException)
        {
            return [value];
        }
    }
}
