using System.Runtime.InteropServices;
using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Overlap;

/// <summary>The unlike lower-cased words of two texts.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WordSets(int Answer, int Reference, int Shared)
{
    private static readonly WordTokenizer s_words = new();

    /// <summary>How many unlike words both have together.</summary>
    public int All => Answer + Reference - Shared;

    public double F => Shares.Of(Shared, Answer, Reference).F;

    public static WordSets Of(string prediction, string reference)
    {
        var grams = Ngrams.Of(s_words, prediction, reference, lowercase: true);
        var marks = new byte[grams.Tokens];
        Mark(grams.Text(0), 1);
        Mark(grams.Text(1), 2);
        var (answer, other, shared) = (0, 0, 0);
        foreach (var mark in marks)
        {
            answer += mark & 1;
            other += mark >> 1;
            shared += mark == 3 ? 1 : 0;
        }

        return new WordSets(answer, other, shared);

        void Mark(ReadOnlySpan<int> tokens, byte mark)
        {
            foreach (var token in tokens)
            {
                marks[token] |= mark;
            }
        }
    }
}
