namespace ModelMigrate.Core.Metrics.Ranking;

/// <summary>Metrics of rankings and of repeated attempts.</summary>
internal static class RankingMetrics
{
    private const int Most = 100_000;

    public static IEnumerable<MetricDefinition> Rows { get; } =
    [
        Cut("recall@k", "Relevant documents among the first k, of all that are relevant.", static (r, k) => r.Found(k) / (double)r.Grades.Count),
        Cut("precision@k", "Relevant documents among the first k, of k.", static (r, k) => r.Found(k) / (double)k),
        Whole("mrr", "1 over the place of the first relevant document, 0 when none is found; its mean is MRR.", First),
        Whole("map", "Average precision: the precision at each relevant document, over all that are relevant; its mean is MAP.", Average),
        new()
        {
            Id = "ndcg@k",
            Summary = "Discounted gain of the first k (1 / log2(place + 1)) over the best that is possible.",
            Parameters = [K(10), MetricParameter.Word("gain", "a grade's worth: itself, or 2^grade - 1", "linear", "exponential")],
            Create = a =>
            {
                var (k, isLinear) = (a.Whole("k"), a.Text("gain") == "linear");
                return Ranked(relevance => Discounted(relevance, k, isLinear));
            },
        },
        Attempted("pass@k", "Chance that one of k tries passes, from n tries of which c passed (Chen et al. 2021).", static (tries, k) => tries.AnyOf(k)),
        Attempted("pass^k", "Chance that all of k tries pass, from n tries of which c passed.", static (tries, k) => tries.AllOf(k)),
    ];

    private static MetricParameter K(int otherwise) => MetricParameter.Whole("k", otherwise, 1, Most, "how many");

    private static MetricDefinition Cut(string id, string summary, Func<Relevance, int, double> of) => new()
    {
        Id = id,
        Summary = summary,
        Parameters = [K(10)],
        Create = a =>
        {
            var k = a.Whole("k");
            return Ranked(relevance => of(relevance, k));
        },
    };

    private static MetricDefinition Whole(string id, string summary, Func<Relevance, double> of) =>
        new() { Id = id, Summary = summary, Create = _ => Ranked(of) };

    private static AnswerScorer Ranked(Func<Relevance, double> of) => new(sample =>
        Relevance.TryRead(sample, out var wrong) is { } relevance ? MetricScore.Of(of(relevance)) : MetricScore.Without(wrong));

    private static MetricDefinition Attempted(string id, string summary, Func<Attempts, int, double> of) => new()
    {
        Id = id,
        Summary = summary,
        Need = MetricNeed.Prediction,
        Parameters = [K(1)],
        Create = a =>
        {
            var k = a.Whole("k");
            return new AnswerScorer(sample => Attempts.TryRead(sample.Prediction!) switch
            {
                null => MetricScore.Without("""The answer is no list of attempts; write for example [true,false,true], or {"n":3,"c":2}."""),
                { } tries when tries.Tried < k => MetricScore.Without($"There were {tries.Tried} tries, fewer than k = {k}; try more often or lower k."),
                { } tries => MetricScore.Of(of(tries, k)),
            });
        },
    };

    private static double First(Relevance relevance)
    {
        for (var place = 0; place < relevance.Ranking.Count; place++)
        {
            if (relevance.At(place) > 0)
            {
                return 1.0 / (place + 1);
            }
        }

        return 0;
    }

    private static double Average(Relevance relevance)
    {
        var (found, sum) = (0, 0.0);
        for (var place = 0; place < relevance.Ranking.Count; place++)
        {
            if (relevance.At(place) > 0)
            {
                sum += ++found / (double)(place + 1);
            }
        }

        return sum / relevance.Grades.Count;
    }

    private static double Discounted(Relevance relevance, int k, bool isLinear)
    {
        var (gained, best) = (0.0, 0.0);
        for (var place = 0; place < Math.Min(k, relevance.Ranking.Count); place++)
        {
            gained += Gain(relevance.At(place)) / Math.Log2(place + 2);
        }

        var ideal = relevance.Grades.Values.OrderDescending().Take(k).ToList();
        for (var place = 0; place < ideal.Count; place++)
        {
            best += Gain(ideal[place]) / Math.Log2(place + 2);
        }

        return gained / best;

        double Gain(double grade) => isLinear ? grade : Math.Pow(2, grade) - 1;
    }
}
