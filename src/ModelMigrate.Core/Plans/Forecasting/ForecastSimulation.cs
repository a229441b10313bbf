using System.Globalization;
using ModelMigrate.Core.Plans.Growing;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Core.Plans.Forecasting;

/// <summary>
/// Replaces what formulas say by what simulated migrations did, as far as a budget of requests goes: the same number of migrations for every
/// question, more where they are short; the longest questions keep their formulas. What it costs never looks at a clock.
/// </summary>
internal sealed class ForecastSimulation
{
    /// <summary>Migrations below which a simulation says less than the formula, and above which more would add nothing.</summary>
    private const int Fewest = 15, Most = 200;

    /// <summary>Of the budget, what a question that is cheap may use for more migrations.</summary>
    private const double CheapShare = 0.03;

    /// <summary>How far beyond its formula's nine of ten a simulated migration may run.</summary>
    private const double Slack = 3;

    private readonly RolloutSpec _spec;
    private readonly Traffic _traffic;
    private readonly ForecastOptions _options;
    private readonly double _affordable;
    private readonly double _cheap;
    private readonly int _each;

    /// <param name="spec">What runs.</param>
    /// <param name="traffic">The route's traffic.</param>
    /// <param name="options">How many, from which seed.</param>
    /// <param name="formulas">What the formulas say, the healthy target first.</param>
    public ForecastSimulation(RolloutSpec spec, Traffic traffic, ForecastOptions options, IReadOnlyList<ForecastAnswer> formulas)
    {
        (_spec, _traffic, _options) = (spec, traffic, options);

        // With few requests a second every one of them is a look or two of its own.
        var budget = options.Budget / (1 + (3 / (1 + traffic.Rate)));
        // The healthy target is what is asked most; of the others the shortest come first.
        var costs = formulas.Skip(1).Select(Cost).OfType<double>().Order().Prepend(Cost(formulas[0]) ?? 0).ToList();
        var sum = 0.0;
        foreach (var cost in costs)
        {
            if ((sum + cost) * Fewest > budget)
            {
                continue;
            }

            sum += cost;
            _affordable = Math.Max(_affordable, cost);
        }

        _each = (int)Math.Min(Most, budget / Math.Max(1, sum));
        _cheap = budget * CheapShare;
    }

    /// <summary>Simulates one question, or answers the formula where it costs too much. Each migration has its own seed, so that their order is nothing.</summary>
    public ForecastAnswer Ask(Question question, int number, ForecastAnswer formula, CancellationToken cancel)
    {
        if (Cost(formula) is not { } cost || Repetitions(cost) is not (> 0 and var count))
        {
            return formula;
        }

        _options.Progress?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{question.Name}: simulating {count} migrations of about {cost:N0} requests"));
        var limit = Slack * (formula.P90 ?? formula.Median)!.Seconds;
        List<SimulatedOutcome> runs =
        [
            .. ParallelEnumerable.Range(0, count).AsOrdered().WithCancellation(cancel).Select(i =>
                new SimulatedMigration(_spec, _traffic, question, SeededDraws.Of(_options.Seed, number, i)).Run(limit)),
        ];
        var promoted = runs.Count(run => run.IsPromoted) / (double)count;
        List<SimulatedOutcome> decided = [.. runs.Where(run => question == Question.Healthy ? run.IsPromoted : run.IsRolledBack)];
        return formula with
        {
            Method = "simulated",
            Repetitions = count,
            Median = Figures.Quantile(decided, count, 0.5),
            P90 = Figures.Quantile(decided, count, 0.9),
            Promoted = promoted,
            RolledBack = runs.Count(run => run.IsRolledBack) / (double)count,
            Note = question == Question.Healthy || promoted == 0 ? null
                : string.Create(CultureInfo.InvariantCulture, $"{promoted * 100:0} % are promoted: so much worse is within the margins, or near them."),
        };
    }

    /// <summary>Requests of one migration, or null when there is nothing to simulate.</summary>
    private static double? Cost(ForecastAnswer formula) => formula.Method == "formula" && formula.Median is { } median ? Math.Max(1, median.Requests) : null;

    private int Repetitions(double cost) =>
        _options.Repetitions is { } asked ? asked
        : cost > _affordable ? 0
        : (int)Math.Clamp(_cheap / cost, _each, Most);
}
