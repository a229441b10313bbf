using System.Collections.Concurrent;
using ModelMigrate.Core.Checks.Schemas.Values;

namespace ModelMigrate.Core.Metrics.Matching;

/// <summary>Whether a pattern of ECMA-262 occurs in an answer: that of the parameter, else any of the references.</summary>
internal sealed class PatternMatch : Scorer
{
    /// <summary>A data set has few patterns, or one a row: then they are compiled as they come.</summary>
    private const int MostKept = 256;

    private readonly EcmaPattern? _given;
    private readonly ConcurrentDictionary<string, EcmaPattern?> _kept = new(StringComparer.Ordinal);

    private PatternMatch(EcmaPattern? given) => _given = given;

    public static PatternMatch Create(MetricArguments arguments)
    {
        var pattern = arguments.Text("pattern");
        var wrong = "";
        var compiled = pattern.Length == 0 ? null : EcmaPattern.TryCompile(pattern, out wrong);
        if (wrong.Length > 0)
        {
            arguments.Problems.Add($"pattern={pattern} is no regular expression of ECMA-262: {wrong}.");
        }

        return new PatternMatch(compiled);
    }

    public override MetricScore Score(AnswerSample sample)
    {
        if (_given is not null)
        {
            return Found(_given, sample.Prediction!);
        }

        var score = MetricScore.Without("There is nothing to look for: the case has no reference and the metric no pattern.");
        foreach (var reference in sample.References)
        {
            score = Compiled(reference) is { } pattern
                ? Found(pattern, sample.Prediction!)
                : MetricScore.Without("The reference is no regular expression of ECMA-262.");
            if (score.Value is 1)
            {
                return score;
            }
        }

        return score;
    }

    private static MetricScore Found(EcmaPattern pattern, string text) => pattern.Matches(text) is { } found
        ? MetricScore.Of(found ? 1 : 0)
        : MetricScore.Without($"The pattern took longer than {EcmaPattern.Limit.TotalMilliseconds} ms; write it without nested repetitions.");

    private EcmaPattern? Compiled(string pattern)
    {
        if (_kept.TryGetValue(pattern, out var known))
        {
            return known;
        }

        var compiled = EcmaPattern.TryCompile(pattern, out _);
        if (_kept.Count < MostKept)
        {
            _kept[pattern] = compiled;
        }

        return compiled;
    }
}
