using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Plans.Growing;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Core.Plans.Forecasting;

/// <summary>Answers a forecast's questions by the expected growth of the judge's evidence, and says which have no answer at this traffic.</summary>
internal sealed class ForecastFormulas(RolloutSpec spec, Traffic traffic, ExposureForecast steps)
{
    /// <summary>What nine of ten stay below: the 90th percentile of a standard normal.</summary>
    private const double NineOfTen = 1.2816;

    public ForecastAnswer Healthy()
    {
        var answer = new ForecastAnswer { Question = Question.Healthy.Name, Method = "none" };
        if (!spec.Gates.Any(gate => gate.Required && BetRates.IsKnown(gate.Metric)))
        {
            return answer with { Note = "None of the gates that a promotion waits for can be forecast (see the warnings)." };
        }

        if (Figures(steps) is not { } median)
        {
            return answer with { Note = "It is never promoted: see the warnings." };
        }

        // Where a step outlasts its patience only the pause comes.
        return Enumerable.Range(0, spec.Steps.Count).Any(i => steps.Steps[i].Duration > Patience(i))
            ? answer with
            {
                Note = $"It would pause undecided: at {traffic.RateText} the gates need about {ExposureForecast.Text(median.Seconds)}, and a step longer than it may hold (see the warnings).",
            }
            : answer with { Method = "formula", Median = median, P90 = Figures(ExposureForecast.Of(spec, traffic, traffic.Rate, NineOfTen)) };
    }

    public ForecastAnswer Sick(Question question)
    {
        var answer = new ForecastAnswer { Question = question.Name, Method = "none" };
        if (Blind(question) is { } blind)
        {
            return answer with { Note = blind };
        }

        var schedule = Schedule();
        var growth = new HarmGrowth(spec, traffic, question);
        if (growth.Find(schedule, 0) is { } median)
        {
            return answer with { Method = "formula", Median = Figures(median), P90 = growth.Find(schedule, NineOfTen) is { } most ? Figures(most) : null };
        }

        // What a patience without end would take, on the weight where it ends.
        var patience = ExposureForecast.Text(schedule.Sum(step => step.Requests) / traffic.Rate);
        return answer with
        {
            Note = growth.Find([.. schedule, (schedule[^1].Weight, 1e12)], 0) is { } needed
                ? $"It would show as undecided: at {traffic.RateText} the rollback needs about {ExposureForecast.Text(needed.Requests / traffic.Rate)}, and the migration pauses after {patience} at most."
                : "It is within what the gates tolerate: no evidence of harm grows, and nothing rolls it back.",
        };
    }

    /// <summary>Why no gate can see it, or null.</summary>
    private string? Blind(Question question) =>
        question.ErrorsAdded > 0 ? Without("errors", "errorRate", metric => metric == Metric.ErrorRate)
        : question.LatencyFactor > 1 ? Without("latency", "latencyP90", metric => BetRates.ExceedanceOf(metric) is not null)
        : Without("quality", "quality", metric => metric is Metric.Quality)
            ?? (traffic.QualityShare > 0 ? null : "No request carries a score, so that nobody sees it. Score some, and say how many with --quality-share.");

    private string? Without(string what, string metric, Func<Metric, bool> sees) =>
        spec.Gates.Any(gate => sees(gate.Metric)) ? null : $"No gate watches {what}, so that it would be promoted. Declare a gate with 'metric: {metric}'.";

    /// <summary>Weights and requests that a target which does not pass goes through: the steps as when healthy, the last as long as it may hold.</summary>
    private List<(double Weight, double Requests)> Schedule()
    {
        var schedule = new List<(double Weight, double Requests)>();
        for (var i = 0; i < spec.Steps.Count; i++)
        {
            var needed = i < spec.Steps.Count - 1 && i < steps.Steps.Count ? steps.Steps[i].Duration ?? Patience(i) : Patience(i);
            schedule.Add((spec.Steps[i].WeightPpm / 1e6, Math.Min(needed.TotalSeconds, Patience(i).TotalSeconds) * traffic.Rate));
            if (needed >= Patience(i))
            {
                break;
            }
        }

        return schedule;
    }

    private TimeSpan Patience(int step) => spec.Steps[step].Hold + spec.MaxHold;

    private Figures? Figures(ExposureForecast forecast) => forecast is { Requests: { } requests, Exposures: { } exposed }
        ? new() { Seconds = requests / traffic.Rate, Requests = requests, Exposed = exposed }
        : null;

    private Figures Figures(HarmCrossing crossing) => new()
    {
        Seconds = crossing.Requests / traffic.Rate,
        Requests = (long)Math.Ceiling(crossing.Requests),
        Exposed = (long)Math.Ceiling(crossing.Exposed),
    };
}
