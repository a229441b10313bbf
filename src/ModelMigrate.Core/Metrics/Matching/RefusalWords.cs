namespace ModelMigrate.Core.Metrics.Matching;

/// <summary>
/// Whether an answer's text refuses: it begins with, or has in its first sentences, words that models refuse with, in English. A guess from words; a
/// refusal that a provider marks is counted by the check of that name.
/// </summary>
internal static class RefusalWords
{
    /// <summary>A refusal comes first; further on the same words are part of an answer.</summary>
    private const int Beginning = 300;

    private static readonly string[] s_phrases =
    [
        "i can't help", "i cannot help", "i can't assist", "i cannot assist", "i can't provide", "i cannot provide", "i can't do that", "i cannot do that",
        "i can't comply", "i cannot comply", "i can't fulfill", "i cannot fulfill", "i can't support", "i cannot support", "i can't answer", "i cannot answer",
        "i can't discuss", "i cannot discuss", "i can't write", "i cannot write", "i can't create", "i cannot create", "i can't generate", "i cannot generate",
        "i can't engage", "i cannot engage", "i can't share", "i cannot share", "i'm not able to", "i am not able to", "i'm unable to", "i am unable to",
        "i won't be able to", "i will not be able to", "i won't help", "i will not help", "i won't provide", "i will not provide", "i must decline", "i have to decline",
        "i must refuse", "i decline to", "i refuse to", "i'm not comfortable", "i am not comfortable", "i'm sorry, but i can", "i am sorry, but i can", "sorry, i can't",
        "sorry, but i can't", "sorry, i cannot", "sorry, but i cannot", "i apologize, but i can", "i apologise, but i can", "as an ai, i can't", "as an ai, i cannot",
        "against my guidelines", "against my programming", "violates my guidelines", "not appropriate for me to", "can't be of assistance",
    ];

    public static bool Are(string text)
    {
        var head = PlainQuotes(text.AsSpan(0, Math.Min(text.Length, Beginning)));
        return Array.Exists(s_phrases, phrase => head.Contains(phrase, StringComparison.OrdinalIgnoreCase));
    }

    private static string PlainQuotes(ReadOnlySpan<char> text) => text.ToString().Replace('\u2019', '\'');
}
