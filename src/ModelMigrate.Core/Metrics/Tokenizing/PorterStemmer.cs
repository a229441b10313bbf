namespace ModelMigrate.Core.Metrics.Tokenizing;

/// <summary>
/// Porter's suffix stripping (Program 14(3), 1980) with the departures of NLTK's default, which rouge_score and METEOR's usual programs stem with:
/// irregular forms, "ies" and "ied" after one letter, "alli" first, "fulli", "logi", and y only after a consonant. Lower-case ASCII words.
/// </summary>
internal static class PorterStemmer
{
    private static readonly Dictionary<string, string> s_irregular = new(StringComparer.Ordinal)
    {
        ["sky"] = "sky", ["skies"] = "sky", ["dying"] = "die", ["lying"] = "lie", ["tying"] = "tie", ["news"] = "news", ["innings"] = "inning", ["inning"] = "inning",
        ["outings"] = "outing", ["outing"] = "outing", ["cannings"] = "canning", ["canning"] = "canning", ["howe"] = "howe", ["proceed"] = "proceed",
        ["exceed"] = "exceed", ["succeed"] = "succeed",
    };

    private static readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> s_irregularBySpan = s_irregular.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly (string Suffix, string To)[] s_step2 =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"),
        ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"),
        ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"), ("fulli", "ful"), ("logi", "log"),
    ];

    private static readonly (string Suffix, string To)[] s_step3 =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    private static readonly string[] s_step4 =
        ["al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize"];

    /// <summary>Replaces a word by its stem.</summary>
    public static void Stem(CharList word)
    {
        if (s_irregularBySpan.TryGetValue(word.Span, out var known))
        {
            word.Clear();
            word.Add(known);
            return;
        }

        if (word.Count <= 2)
        {
            return;
        }

        Plural(word);
        PastAndProgressive(word);
        if (word.Count > 2 && Ends(word, "y") && IsConsonant(word.Span, word.Count - 2))
        {
            Replace(word, 1, "i");
        }

        Double(word);
        Single(word, s_step3);
        Residual(word);
        FinalLetters(word);
    }

    private static void Plural(CharList word)
    {
        if (Ends(word, "ies"))
        {
            Replace(word, 3, word.Count == 4 ? "ie" : "i");
        }
        else if (Ends(word, "sses"))
        {
            Replace(word, 2, "");
        }
        else if (Ends(word, "s") && !Ends(word, "ss"))
        {
            Replace(word, 1, "");
        }
    }

    private static void PastAndProgressive(CharList word)
    {
        if (Ends(word, "ied"))
        {
            Replace(word, 3, word.Count == 4 ? "ie" : "i");
            return;
        }

        if (Ends(word, "eed"))
        {
            Replace(word, Measure(word.Span[..^3]) > 0 ? 1 : 0, "");
            return;
        }

        var suffix = Ends(word, "ed") ? 2 : Ends(word, "ing") ? 3 : 0;
        if (suffix == 0 || !HasVowel(word.Span[..^suffix]))
        {
            return;
        }

        Replace(word, suffix, "");
        if (Ends(word, "at") || Ends(word, "bl") || Ends(word, "iz"))
        {
            word.Add('e');
        }
        else if (EndsDouble(word.Span))
        {
            Replace(word, word.Span[^1] is 'l' or 's' or 'z' ? 0 : 1, "");
        }
        else if (Measure(word.Span) == 1 && EndsShort(word.Span))
        {
            word.Add('e');
        }
    }

    private static void Double(CharList word)
    {
        if (Ends(word, "alli") && Measure(word.Span[..^4]) > 0)
        {
            Replace(word, 4, "al");
            Double(word);
            return;
        }

        foreach (var (suffix, to) in s_step2)
        {
            if (Ends(word, suffix))
            {
                // The l of logi counts with the stem, so that geology and theology lose theirs too.
                if (Measure(word.Span[..^(suffix == "logi" ? 3 : suffix.Length)]) > 0)
                {
                    Replace(word, suffix.Length, to);
                }

                return;
            }
        }
    }

    private static void Single(CharList word, (string Suffix, string To)[] rules)
    {
        foreach (var (suffix, to) in rules)
        {
            if (Ends(word, suffix))
            {
                if (Measure(word.Span[..^suffix.Length]) > 0)
                {
                    Replace(word, suffix.Length, to);
                }

                return;
            }
        }
    }

    private static void Residual(CharList word)
    {
        foreach (var suffix in s_step4)
        {
            if (Ends(word, suffix))
            {
                var stem = word.Span[..^suffix.Length];
                if (Measure(stem) > 1 && (suffix != "ion" || stem[^1] is 's' or 't'))
                {
                    Replace(word, suffix.Length, "");
                }

                return;
            }
        }
    }

    private static void FinalLetters(CharList word)
    {
        if (Ends(word, "e"))
        {
            var stem = word.Span[..^1];
            var measure = Measure(stem);
            if (measure > 1 || (measure == 1 && !EndsShort(stem)))
            {
                Replace(word, 1, "");
            }
        }

        if (Ends(word, "ll") && Measure(word.Span[..^1]) > 1)
        {
            Replace(word, 1, "");
        }
    }

    private static bool Ends(CharList word, string suffix) => word.Span.EndsWith(suffix);

    private static void Replace(CharList word, int letters, string by)
    {
        word.Cut(word.Count - letters);
        word.Add(by);
    }

    private static bool IsConsonant(ReadOnlySpan<char> word, int i)
    {
        // A y is a vowel after a consonant; a run of them alternates.
        var turned = false;
        for (; i > 0 && word[i] == 'y'; i--)
        {
            turned = !turned;
        }

        return word[i] is not ('a' or 'e' or 'i' or 'o' or 'u') != turned;
    }

    private static bool HasVowel(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (!IsConsonant(word, i))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How often a run of consonants follows a run of vowels.</summary>
    private static int Measure(ReadOnlySpan<char> word)
    {
        var (measure, afterVowel) = (0, false);
        for (var i = 0; i < word.Length; i++)
        {
            var isConsonant = IsConsonant(word, i);
            measure += isConsonant && afterVowel ? 1 : 0;
            afterVowel = !isConsonant;
        }

        return measure;
    }

    private static bool EndsDouble(ReadOnlySpan<char> word) => word.Length >= 2 && word[^1] == word[^2] && IsConsonant(word, word.Length - 1);

    /// <summary>Consonant, vowel, consonant other than w, x and y; or a word of vowel and consonant.</summary>
    private static bool EndsShort(ReadOnlySpan<char> word) =>
        word.Length >= 3 && IsConsonant(word, word.Length - 3) && !IsConsonant(word, word.Length - 2) && IsConsonant(word, word.Length - 1)
            ? word[^1] is not ('w' or 'x' or 'y')
            : word.Length == 2 && !IsConsonant(word, 0) && IsConsonant(word, 1);
}
