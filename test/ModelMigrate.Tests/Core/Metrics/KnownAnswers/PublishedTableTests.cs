namespace ModelMigrate.Tests.Core.Metrics.KnownAnswers;

/// <summary>Published figures that stand in no file of the oracles: sacrebleu's own tests (test_bleu.py, test_sentence_bleu.py, test_chrf.py) and rouge_scorer_test.py.</summary>
public sealed class PublishedTableTests
{
    private const string Risk = "risk assessment must be made of those who are qualified and expertise in the sector - these are the scientists .";
    private const string RiskReference = "risk assessment has to be undertaken by those who are qualified and expert in that area - that is the scientists .";
    private const string Talks = "Die Beziehung zwischen Obama und Netanjahu ist nicht gerade freundlich.";
    private const string TalksReference = "Das Verhältnis zwischen Obama und Netanyahu ist nicht gerade freundschaftlich.";

    private static readonly string[] s_dog = ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."];
    private static readonly string[][] s_dogReferences =
    [
        ["The dog bit the man.", "The dog had bit the man."], ["It was not unexpected.", "No one was surprised."], ["The man bit him first.", "The man had bitten the dog."],
    ];

    [Theory]
    [InlineData("tokenize", "none", 49.1919566, 1e-6)]
    [InlineData("order", "1", 77.65, 0.005)]
    [InlineData("order", "2", 60.50, 0.005)]
    [InlineData("order", "3", 53.93, 0.005)]
    [InlineData("order", "5", 46.14, 0.005)]
    [InlineData("order", "6", 43.28, 0.005)]
    public void Bleu_OfTheDog_IsSacrebleus(string name, string value, double expected, double tolerance) =>
        Near(expected, tolerance, Oracle.Metric("bleu", ("effective_order", "false"), (name, value)).Corpus(s_dog.Select((hypothesis, i) => Oracle.Sample(hypothesis, s_dogReferences[i]))));

    [Theory]
    [InlineData("this is a test", "this is a test", 100)]
    [InlineData("this is a fest", "this is a test", 22.3606797749979)]
    [InlineData("test", "a test", 36.78794411714425)]
    [InlineData("a test", "a test", 100)]
    [InlineData("a little test", "a test", 3.218297948685433)]
    public void Bleu_OfFewWords_IsSacrebleusRaw(string prediction, string reference, double expected) => Near(
        expected, 1e-9, Oracle.Metric("bleu", ("tokenize", "none"), ("smooth", "floor"), ("smooth_value", "0.01"), ("effective_order", "true")).Corpus([Oracle.Sample(prediction, reference)]));

    // Issue 98 of sacrebleu.
    [Theory]
    [InlineData("exp", "13a", "false", 8.493)]
    [InlineData("none", "13a", "false", 0)]
    [InlineData("floor", "13a", "false", 4.51688)]
    [InlineData("add-k", "13a", "false", 14.882)]
    [InlineData("exp", "none", "false", 7.347)]
    [InlineData("exp", "char", "false", 40.8759)]
    [InlineData("exp", "char", "true", 42.0267)]
    public void Bleu_OfASentenceInRomanian_IsSacrebleus(string smooth, string tokenize, string lowercase, double expected) => Near(
        expected, 1e-3, Oracle.Metric("bleu", ("smooth", smooth), ("tokenize", tokenize), ("lowercase", lowercase))
            .Score("Producția de zahăr primă va fi exprimată în ceea ce privește zahărul alb;", "producţia de zahăr brut se exprimă în zahăr alb;"));

    [Theory]
    [InlineData("aa", "ab", "true", "false", 8.3333)]
    [InlineData("aa", "ab", "false", "false", 25)]
    [InlineData("a", "a", "true", "false", 16.6667)]
    [InlineData("a", "a", "false", "false", 100)]
    [InlineData("a b c", "abc", "true", "false", 50)]
    [InlineData("a b c", "abc", "false", "false", 100)]
    [InlineData(" " + Risk, RiskReference, "true", "false", 63.36173)]
    [InlineData(Risk, RiskReference, "false", "true", 65.2414427)]
    [InlineData(" Die    Beziehung zwischen  Obama und Netanjahu ist nicht gerade  freundlich. ", TalksReference, "true", "false", 64.1302698)]
    [InlineData(Talks, TalksReference, "false", "true", 67.3481606)]
    public void Chrf_WithBetaThree_IsSacrebleus(string prediction, string reference, string eps, string whitespace, double expected) =>
        Near(expected, 1e-4, Oracle.Metric("chrf", ("beta", "3"), ("eps", eps), ("whitespace", whitespace)).Score(prediction, reference));

    // The last digits tell the two ways of smoothing apart.
    [Theory]
    [InlineData("Co nás nejvíc trápí, protože lékaři si vybírají, kdo bude žít a kdo zemře.", "Nejvíce smutní jsme z toho, že musíme rozhodovat o tom, kdo bude žít a kdo zemře.", 39.14078509, 39.140817)]
    [InlineData("Nebo prostě nemají vybavení, které by jim pomohlo, uvedli lékaři.", "A někdy nemáme ani potřebný materiál, abychom jim pomohli, popsali lékaři.", 31.22557079, 31.225641)]
    [InlineData("Lapali po dechu, jejich životy skončily dřív, než skutečně začaly.", "Lapali po dechu a pak jejich život skončil - dřív, než skutečně mohl začít, připomněli.", 57.15704367, 57.157428)]
    public void Chrf_OfCzech_IsSacrebleusSmoothedAndNot(string prediction, string reference, double smoothed, double plain)
    {
        Near(smoothed, 1e-6, Oracle.Metric("chrf", ("eps", "true")).Score(prediction, reference));
        Near(plain, 1e-6, Oracle.Metric("chrf").Score(prediction, reference));
    }

    [Fact]
    public void Chrf_OfACat_CountsWordsInItsSecondForm()
    {
        Near(72.084832, 1e-6, Oracle.Metric("chrf").Score("the cat sat on the mat", "the cat sat on a mat"));
        Near(72.030392, 1e-6, Oracle.Metric("chrf++").Score("the cat sat on the mat", "the cat sat on a mat"));
    }

    [Theory]
    [InlineData("rouge2", "f", 0)]
    [InlineData("rougeL", "precision", 1)]
    [InlineData("rougeL", "recall", 2 / 3.0)]
    [InlineData("rougeL", "f", 0.8)]
    public void Rouge_OfWordsWithAGap_CountsTheSequenceAndNoPair(string id, string part, double expected) =>
        Assert.Equal(expected, Oracle.Metric(id, ("part", part)).Score("testing two", "testing one two"), 12);

    private static void Near(double expected, double tolerance, double found) => Assert.InRange(100 * found, expected - tolerance, expected + tolerance);
}
