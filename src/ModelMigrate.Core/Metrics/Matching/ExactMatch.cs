using System.Text;
using System.Text.RegularExpressions;
using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Matching;

/// <summary>
/// Equality, after what a parameter asks for: patterns removed, then case, then ASCII marks, then digits, in the order of Hugging Face's
/// <c>exact_match</c>. Nothing is trimmed.
/// </summary>
internal sealed class ExactMatch
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(250);

    private readonly IReadOnlyList<Regex> _patterns;
    private readonly bool _case;
    private readonly bool _marks;
    private readonly bool _digits;

    public ExactMatch(MetricArguments arguments)
    {
        var patterns = arguments.Text("ignore_regex");
        _patterns = patterns.Length == 0 ? [] : [.. patterns.Split('\n').Select(pattern => Compiled(pattern, arguments)).OfType<Regex>()];
        (_case, _marks, _digits) = (arguments.Flag("ignore_case"), arguments.Flag("ignore_punctuation"), arguments.Flag("ignore_numbers"));
    }

    public MetricScore Of(string prediction, string reference)
    {
        try
        {
            return MetricScore.Of(string.Equals(Folded(prediction), Folded(reference), StringComparison.Ordinal) ? 1 : 0);
        }
        catch (RegexMatchTimeoutException)
        {
            return MetricScore.Without("A pattern of ignore_regex took too long; write it without nested repetitions.");
        }
    }

    private static Regex? Compiled(string pattern, MetricArguments arguments)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, s_limit);
        }
        catch (ArgumentException broken)
        {
            arguments.Problems.Add($"ignore_regex={pattern} is no regular expression: {broken.Message}");
            return null;
        }
    }

    private string Folded(string text)
    {
        foreach (var pattern in _patterns)
        {
            text = pattern.Replace(text, "");
        }

        text = _case ? PythonText.Lower(text) : text;
        if (!_marks && !_digits)
        {
            return text;
        }

        var kept = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!(_marks && SquadTokenizer.IsMark(c)) && !(_digits && char.IsAsciiDigit(c)))
            {
                kept.Append(c);
            }
        }

        return kept.ToString();
    }
}
