namespace ModelMigrate.Tests.Core.Metrics.KnownAnswers;

/// <summary>METEOR against NLTK 3.8's with an empty WordNet, where its greedy alignment is also the one with the fewest chunks.</summary>
public sealed class MeteorTests
{
    [Theory]
    [InlineData("the cat sat on the mat", "the cat sat on the mat", 0.9976851851851852)]
    [InlineData("cats are running", "a cat runs", 0.3333333333333333)]
    [InlineData("completely different", "no words shared", 0.0)]
    [InlineData("the dog barked loudly", "the dogs bark loud", 0.7361111111111112)]
    [InlineData("It is to insure the troops forever hearing the activity guidebook that party direct", "It is a guide to action that ensures that the military will forever heed Party commands", 0.3035391371738569)]
    [InlineData("a", "a", 0.5)]
    [InlineData("the quick brown fox jumps over the lazy dog", "the quick brown dog jumps on the log", 0.6310013717421126)]
    [InlineData("this is a cat", "non matching hypothesis", 0.0)]
    public void Meteor_OfExactWordsAndStems_IsNltks(string prediction, string reference, double expected) =>
        Assert.Equal(expected, Oracle.Metric("meteor_exact_stem", ("tokenize", "none")).Score(prediction, reference), 10);

    [Fact]
    public void Meteor_OfRepeatedWords_TakesTheLongestRun()
    {
        // Matching the first "the" to the first "the" would break the run "the mat": 2 chunks instead of 1 by this formula.
        var expected = 2 / 2.0 * (2 / 5.0) / ((0.9 * 1) + (0.1 * 0.4)) * (1 - (0.5 * Math.Pow(1 / 2.0, 3)));
        Assert.Equal(expected, Oracle.Metric("meteor_exact_stem").Score("the mat", "the cat on the mat"), 12);
    }

    [Fact]
    public void Meteor_OfAWordThatStandsTwice_ContinuesTheRunBeforeIt()
    {
        // The first "b" of the reference lies further left, but the second one follows "a": 1 chunk instead of 2.
        var mean = 2 / 2.0 * (2 / 3.0) / ((0.9 * 1) + (0.1 * 2 / 3));
        Assert.Equal(mean * (1 - (0.5 * Math.Pow(1 / 2.0, 3))), Oracle.Metric("meteor_exact_stem").Score("a b", "b a b"), 12);
    }

    [Fact]
    public void Meteor_OfMovedParts_CountsTheFewestChunks() =>
        // "the cat", "sat" and "on the mat": NLTK's alignment from the end makes six chunks of them.
        Assert.Equal(1 - (0.5 * Math.Pow(3 / 6.0, 3)), Oracle.Metric("meteor_exact_stem").Score("the cat sat on the mat", "on the mat sat the cat"), 12);

    [Fact]
    public void Meteor_OfTheClassicSentence_HasFourChunks()
    {
        // "it … action", "ensures … military", "commands", "party": 12 of 18 and of 16 words. NLTK finds two chunks more, and so 0.6944.
        var mean = 12 / 18.0 * (12 / 16.0) / ((0.9 * 12 / 18) + (0.1 * 12 / 16));
        Assert.Equal(mean * (1 - (0.5 * Math.Pow(4 / 12.0, 3))), Oracle.Metric("meteor_exact_stem").Score(
            "It is a guide to action which ensures that the military always obeys the commands of the party",
            "It is a guide to action that ensures that the military will forever heed Party commands"), 12);
    }

    [Fact]
    public void Meteor_Signature_SaysThatThereAreNoSynonyms() => Assert.Contains("|syn:no|", Oracle.Metric("meteor_exact_stem").Signature, StringComparison.Ordinal);
}
