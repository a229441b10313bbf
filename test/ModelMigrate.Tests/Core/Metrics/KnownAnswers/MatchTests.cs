using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Tests.Core.Metrics.KnownAnswers;

/// <summary>Exact match and token F1 against SQuAD's script and Hugging Face's exact_match.</summary>
public sealed class MatchTests
{
    public static IEnumerable<object[]> SquadCases => Oracle.Numbers("squad_em_f1.json");

    public static IEnumerable<object[]> ExactCases => Oracle.Numbers("hf_exact_match.json");

    [Theory]
    [MemberData(nameof(SquadCases))]
    public void Squad_OfTheirCases_IsTheirs(int number)
    {
        var row = Oracle.Case("squad_em_f1.json", number);
        var (prediction, reference) = (row.GetProperty("prediction").GetString()!, row.GetProperty("reference").GetString()!);
        Assert.Equal(row.GetProperty("normPrediction").GetString(), SquadTokenizer.Normal(prediction).ToString());
        Assert.Equal(row.GetProperty("normReference").GetString(), SquadTokenizer.Normal(reference).ToString());
        Assert.Equal(row.GetProperty("exactMatch").GetDouble(), Oracle.Metric("em_squad").Score(prediction, reference));
        Assert.Equal(row.GetProperty("f1_v1").GetDouble(), Oracle.Metric("f1_squad", ("empty", "0")).Score(prediction, reference), 12);
    }

    [Fact]
    public void Squad_OfTheirCorpus_IsTheirMean()
    {
        var row = Oracle.Root("squad_em_f1.json").GetProperty("corpus")[0];
        var predictions = Oracle.Strings(row.GetProperty("predictions"));
        foreach (var (id, field) in new[] { ("em_squad", "exact_match"), ("f1_squad", "f1") })
        {
            var mean = predictions.Select((prediction, i) => Oracle.Metric(id).Score(prediction, Oracle.Strings(row.GetProperty("references")[i]))).Average();
            Assert.Equal(row.GetProperty(field).GetDouble(), 100 * mean, 10);
        }
    }

    // The table of SQuAD, HF metrics/squad/README.md and its script's arithmetic; both empty is 1 in v2.0.
    [Theory]
    [InlineData("1976", "1976", 1, 1)]
    [InlineData("1999", "1976", 0, 0)]
    [InlineData("Beyonce", "Beyoncé and Bruno Mars", 0, 0)]
    [InlineData("A b. C", "c b", 0, 1)]
    [InlineData("the the the the the the the", "the cat is on the mat", 0, 0)]
    [InlineData("", "", 1, 1)]
    [InlineData("Paris", "Paris, Texas", 0, 0.666667)]
    [InlineData("İstanbul", "i\u0307stanbul", 1, 1)]
    [InlineData("ΟΔΟΣ", "οδος", 1, 1)]
    [InlineData("“the” cat", "“ ” cat", 1, 1)]
    [InlineData("a\u00A0b\u2003c\u001Cd", "b c d", 1, 1)]
    public void Squad_OfTheTable_IsTheScripts(string prediction, string reference, double exact, double f1)
    {
        Assert.Equal(exact, Oracle.Metric("em_squad").Score(prediction, reference));
        Assert.Equal(f1, Oracle.Metric("f1_squad").Score(prediction, reference), 6);
    }

    [Fact]
    public void Squad_OfSeveralReferences_TakesTheBest()
    {
        Assert.Equal(1, Oracle.Metric("em_squad").Score("Paris", "Lyon", "the Paris."));
        Assert.Equal(0.8, Oracle.Metric("f1_squad").Score("New York City", "Boston", "new york"), 12);
    }

    [Theory]
    [MemberData(nameof(ExactCases))]
    public void Exact_OfHuggingFacesCases_IsTheirs(int number)
    {
        var row = Oracle.Case("hf_exact_match.json", number);
        var parameters = new List<(string, string)>();
        foreach (var option in row.GetProperty("args").EnumerateObject())
        {
            parameters.Add(option.Name == "regexes_to_ignore"
                ? ("ignore_regex", string.Join('\n', Oracle.Strings(option.Value)))
                : (option.Name, option.Value.GetBoolean() ? "true" : "false"));
        }

        var references = Oracle.Strings(row.GetProperty("references"));
        var metric = Oracle.Metric("exact", [.. parameters]);
        Assert.Equal(row.GetProperty("expected").GetDouble(), Oracle.Strings(row.GetProperty("predictions")).Select((prediction, i) => metric.Score(prediction, references[i])).Average(), 12);
    }

    [Fact]
    public void ExactTrimCi_OfSpacesAndCase_IsPythons()
    {
        Assert.Equal(1, Oracle.Metric("exact_trim_ci").Score(" Paris\n\u001F", "PARIS"));
        Assert.Equal(0, Oracle.Metric("exact_trim_ci").Score("Paris.", "Paris"));
        Assert.Equal(0, Oracle.Metric("exact").Score("Paris ", "Paris"));
        // Normal forms are not made: two spellings of one letter are two texts.
        Assert.Equal(0, Oracle.Metric("exact").Score("é", "e\u0301"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void F1BleuAndGleu_OfMicrosoftsCases_AreTheirs(int number)
    {
        var row = Oracle.Case("meai_nlp.json", number);
        var (prediction, reference) = (row.GetProperty("hypothesis").GetString()!, row.GetProperty("reference").GetString()!);
        // They keep marks as tokens and drop case, and print four or five places.
        Check("f1", Oracle.Metric("f1_tokens"), 6e-5);
        Check("bleu_method4", Oracle.Metric("bleu", ("lowercase", "true"), ("smooth", "method4"), ("effective_order", "false")), 6e-5);
        Check("gleu", Oracle.Metric("gleu", ("lowercase", "true")), 6e-5);

        void Check(string field, AnswerMetric metric, double tolerance)
        {
            if (row.TryGetProperty(field, out var expected))
            {
                Assert.InRange(metric.Score(prediction, reference), expected.GetDouble() - tolerance, expected.GetDouble() + tolerance);
            }
        }
    }
}
