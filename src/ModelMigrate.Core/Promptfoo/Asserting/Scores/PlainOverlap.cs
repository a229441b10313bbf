using System.Text.RegularExpressions;

namespace ModelMigrate.Core.Promptfoo.Asserting.Scores;

/// <summary>
/// N-gram scores as promptfoo 0.121 computes them, where those differ from the definitions: words are what stands between white space in lower case, a missing
/// n-gram counts 1e-7, and of several references each is clipped by itself.
/// </summary>
internal static partial class PlainOverlap
{
    private const int Longest = 4;
    private const double Smallest = 1e-7;

    public static Finding Bleu(string output, IReadOnlyList<string> references)
    {
        if (output.Trim().Length == 0)
        {
            return Finding.Scored(0, "BLEU");
        }

        var answer = Words(output);
        var texts = references.Select(Words).ToList();
        var nearest = texts.Select(static text => text.Length).MinBy(length => (Math.Abs(length - answer.Length), length));
        var (sum, orders) = (0.0, 0);
        for (var n = 1; n <= Math.Min(Longest, answer.Length); n++)
        {
            var shared = texts.Max(text => Shared(answer, text, n));
            sum += Math.Log(shared == 0 ? Smallest : shared / (double)(answer.Length - n + 1));
            orders++;
        }

        return Finding.Scored((answer.Length > nearest ? 1 : Math.Exp(1 - (nearest / (double)answer.Length))) * Math.Exp(sum / orders), "BLEU");
    }

    public static Finding Gleu(string output, IReadOnlyList<string> references)
    {
        if (output.Length == 0)
        {
            // promptfoo throws here, which makes the row an error.
            return Finding.Lacks("GLEU of an empty answer is an error in promptfoo.");
        }

        string[] answer = Stopped(output);
        return Finding.Scored(references.Max(reference => Gleu(answer, Stopped(reference))), "GLEU");
    }

    /// <summary>F1 of single tokens, cut as the Penn treebank cuts.</summary>
    public static Finding Rouge(string output, string reference)
    {
        var (answer, text) = (Treebank(output), Treebank(reference));
        var shared = Shared(answer, text, 1);
        var (precision, recall) = (shared / (double)answer.Length, shared / (double)text.Length);
        return Finding.Scored(shared == 0 ? 0 : 2 * precision * recall / (precision + recall), "ROUGE-N");
    }

    private static double Gleu(string[] answer, string[] reference)
    {
        if (answer.SequenceEqual(reference, StringComparer.Ordinal))
        {
            return 1;
        }

        var (shared, own, other) = (0, 0, 0);
        for (var n = 1; n <= Longest; n++)
        {
            (shared, own, other) = (shared + Shared(answer, reference, n), own + Math.Max(0, answer.Length - n + 1), other + Math.Max(0, reference.Length - n + 1));
        }

        return own == 0 || other == 0 ? 0 : Math.Min(shared / (double)own, shared / (double)other);
    }

    private static int Shared(string[] answer, string[] reference, int n)
    {
        var counts = Counts(reference, n);
        return Counts(answer, n).Sum(gram => Math.Min(gram.Value, counts.GetValueOrDefault(gram.Key)));
    }

    private static Dictionary<string, int> Counts(string[] words, int n)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i + n <= words.Length; i++)
        {
            var gram = string.Join(' ', words, i, n);
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }

        return counts;
    }

    private static string[] Words(string text) => Spaces().Split(text.ToLowerInvariant().Trim());

    private static string[] Stopped(string text) => [.. Words(text).Select(static word => word.TrimEnd('.'))];

    /// <summary>Marks stand apart from words, but for the full stop within the text; contractions are cut at their apostrophe.</summary>
    private static string[] Treebank(string text)
    {
        var apart = OpeningQuotes().Replace(text.ToLowerInvariant(), "`` ").Replace("\"", " '' ", StringComparison.Ordinal);
        apart = Marks().Replace(apart, " $0 ");
        apart = LastStop().Replace(apart, " .");
        apart = Contractions().Replace(apart, " $0");
        return [.. Spaces().Split(apart.Trim()).Where(static word => word.Length > 0)];
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(?<=^|[ (\[{<\n])""", RegexOptions.CultureInvariant, 250)]
    private static partial Regex OpeningQuotes();

    [GeneratedRegex(@"[;@#$%&?!()\[\]{}<>:,]|\.\.\.|--", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Marks();

    [GeneratedRegex(@"(?<=[^\.])\.(?=[\]\)}>""']*\s*$)", RegexOptions.CultureInvariant, 250)]
    private static partial Regex LastStop();

    [GeneratedRegex(@"(?<=\w)(n't|'(s|m|d|ll|re|ve))\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 250)]
    private static partial Regex Contractions();
}
