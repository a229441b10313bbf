namespace ModelMigrate.Tests.Core.Metrics.KnownAnswers;

/// <summary>Levenshtein's distance and the word error rate, worked out by hand.</summary>
public sealed class EditDistanceTests
{
    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("Saturday", "Sunday", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "", 3)]
    [InlineData("", "", 0)]
    [InlineData("flaw", "lawn", 2)]
    [InlineData("intention", "execution", 5)]
    [InlineData("ab", "ba", 2)]
    [InlineData("GUMBO", "GAMBOL", 2)]
    [InlineData("a😀c", "abc", 1)]
    [InlineData("café", "cafe", 1)]
    [InlineData("gattaca", "tataa", 3)]
    public void Levenshtein_OfTwoTexts_IsTheFewestEdits(string prediction, string reference, double edits)
    {
        Assert.Equal(edits, Oracle.Metric("levenshtein").Score(prediction, reference));
        Assert.Equal(edits, Oracle.Metric("levenshtein").Score(reference, prediction));
    }

    [Theory]
    [InlineData("kitten", "sitting", 0.571429)]
    [InlineData("", "", 1)]
    [InlineData("", "ab", 0)]
    public void LevenshteinSimilarity_OfTwoTexts_IsOneLessTheShare(string prediction, string reference, double similarity) =>
        Assert.Equal(similarity, Oracle.Metric("levenshtein_similarity").Score(prediction, reference), 6);

    [Theory]
    [InlineData("the cat sat on the mat", "the cat sat on the mat", 0)]
    [InlineData("the cat sat on mat", "the cat sat on the mat", 0.166667)]
    [InlineData("the cat sat on the big mat", "the cat sat on the mat", 0.166667)]
    [InlineData("the dog sat on the mat", "the cat sat on the mat", 0.166667)]
    [InlineData("", "two words", 1)]
    [InlineData("a b c d", "x", 4)]
    [InlineData("hello world", "Hello world", 0.5)]
    [InlineData("b a", "a b", 1)]
    [InlineData("one two three four", "one three", 1)]
    [InlineData("i want to go home", "we want two go home now", 0.5)]
    [InlineData("", "", 0)]
    [InlineData("  the   cat ", "the cat", 0)]
    public void Wer_OfTwoTexts_IsEditsPerWordOfTheReference(string prediction, string reference, double rate) =>
        Assert.Equal(rate, Oracle.Metric("wer").Score(prediction, reference), 6);

    [Fact]
    public void Wer_OfACorpus_IsAllEditsOverAllWords() =>
        Assert.Equal(4 / 8.0, Oracle.Metric("wer").Corpus([Oracle.Sample("the cat", "the cat sat on the mat"), Oracle.Sample("two words", "two words")]), 12);

    [Fact]
    public void Wer_WithoutWordsInTheReference_IsMissing()
    {
        var score = Oracle.Metric("wer").Score(Oracle.Sample("some words", ""));
        Assert.Null(score.Value);
        Assert.Contains("no words", score.Missing, StringComparison.Ordinal);
        // Another reference serves.
        Assert.Equal(0, Oracle.Metric("wer").Score("some words", "", "some words"));
    }

    [Fact]
    public void Levenshtein_OfSeveralReferences_TakesTheNearest() => Assert.Equal(1, Oracle.Metric("levenshtein").Score("cat", "dog", "cats", "horse"));
}
