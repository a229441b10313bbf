using System.Globalization;
using System.Text.Json.Serialization;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Plans.Growing;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Core.Plans;

/// <summary>
/// How many requests each step of a migration needs until its gates pass, for a target that is exactly as good as the source.
/// An expectation from the evidence's growth rates: half of all healthy migrations need fewer, half more.
/// </summary>
public sealed record ExposureForecast
{
    /// <summary>Twice the median covers most healthy migrations; below that a limit is called too small.</summary>
    private const double Reserve = 2;

    public required IReadOnlyList<StepForecast> Steps { get; init; }

    /// <summary>Requests of the route until the target is proven, or null when a step's gates never pass.</summary>
    public long? Requests { get; init; }

    /// <summary>Of those, requests that meet the target before it is proven.</summary>
    public long? Exposures { get; init; }

    /// <summary>Time until the promotion, or null without a rate.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>What in the specification will not work out, one sentence each with what to write instead.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>A line for each step and one for the whole, as <c>check</c> and <c>forecast</c> print them.</summary>
    [JsonIgnore]
    public IEnumerable<string> Lines
    {
        get
        {
            foreach (var step in Steps)
            {
                yield return step.Text;
            }

            if (Requests is { } total)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"until promotion: {total:N0} requests, {Exposures:N0} on the target{(Duration is { } time ? $", {Text(time.TotalSeconds)}" : "; give --rate for times")}");
            }
        }
    }

    /// <summary>Forecasts a migration.</summary>
    /// <param name="spec">What is to run.</param>
    /// <param name="rate">Requests of the route a second, or null when unknown: then holds and durations are left out.</param>
    /// <param name="errorRate">Share of requests that fail on either arm, 0 to 1.</param>
    public static ExposureForecast Of(RolloutSpec spec, double? rate, double errorRate) =>
        Assumed(spec, Of(spec, new Traffic { Rate = rate ?? 1, ErrorRate = errorRate, Label = "given" }, rate));

    private static ExposureForecast Assumed(RolloutSpec spec, ExposureForecast forecast) => forecast with
    {
        Warnings =
        [
            .. forecast.Warnings,
            .. spec.Gates.Where(gate => gate.Required && MetricTraits.IsPaired(gate.Metric) && BetRates.IsKnown(gate.Metric)).Select(gate =>
                $"The gate {gate.Name} is forecast as if every request had a score, with a spread of {Traffic.UsualQualitySpread:0.##}; 'model-migrate forecast' takes other figures."),
        ],
    };

    /// <summary>Forecasts a migration of a healthy target at known traffic; at 1.28 <paramref name="deviations"/> nine of ten need no more.</summary>
    internal static ExposureForecast Of(RolloutSpec spec, Traffic traffic, double? rate, double deviations = 0)
    {
        var model = new GateGrowth(spec, traffic, Question.Healthy, deviations);
        var steps = new List<StepForecast>();
        var warnings = new List<string>();
        foreach (var gate in spec.Gates.Where(gate => gate.Required && !BetRates.IsKnown(gate.Metric)))
        {
            warnings.Add($"The gate {gate.Name} is left out of these figures: what it needs depends on how widely its values spread.");
        }

        for (var i = 0; i < spec.Steps.Count; i++)
        {
            var step = spec.Steps[i];
            var weight = (double)step.WeightPpm / SplitSnapshot.Total;
            var factor = i == spec.Steps.Count - 1 ? 1 : step.MarginFactor;
            var needed = model.RequestsUntilPass(weight, factor, out var slowest);
            if (needed is not { } requests)
            {
                steps.Add(new() { Number = i + 1, Weight = weight, SlowestGate = slowest });
                warnings.Add(
                    $"Step {i + 1}: the gate {slowest} would not pass within {GateGrowth.MostRequests:N0} requests even for a healthy target; give it a wider margin.");
                return new() { Steps = steps, Warnings = warnings };
            }

            // The hold passes in any case, and its evidence counts for the steps after it.
            var spent = Math.Max(requests, rate is { } r ? step.Hold.TotalSeconds * r : 0);
            model.Advance(weight, spent);
            steps.Add(new()
            {
                Number = i + 1,
                Weight = weight,
                SlowestGate = slowest,
                Requests = (long)Math.Ceiling(requests),
                Exposures = (long)Math.Ceiling(requests * weight),
                Duration = rate is null ? null : Time(spent / rate.Value),
            });
            if (rate is { } perSecond && Reserve * requests / perSecond > (step.Hold + spec.MaxHold).TotalSeconds)
            {
                warnings.Add(
                    $"Step {i + 1} needs about {Text(requests / perSecond)} at {perSecond:0.###} requests/s, and pauses after {Text((step.Hold + spec.MaxHold).TotalSeconds)} "
                    + $"(hold and maxHold). Set maxHold to {Text(Reserve * requests / perSecond)} or more, a larger weight, or wider margins.");
            }
        }

        var exposures = (long)Math.Ceiling(model.TargetRequests);
        if (spec.ExposureBudget is { } budget && budget < exposures)
        {
            warnings.Add(
                $"exposureBudget {budget:N0} is below the {exposures:N0} requests that a healthy target answers until it is proven"
                + $"{(rate is null ? "" : " (holds included)")}: the migration would pause. Set it to {Reserve * exposures:N0} or more.");
        }

        return new()
        {
            Steps = steps,
            Requests = (long)Math.Ceiling(model.Requests),
            Exposures = exposures,
            Duration = rate is null ? null : Time(model.Requests / rate.Value),
            Warnings = warnings,
        };
    }

    private static TimeSpan Time(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, 1e9));

    /// <summary>Rounded to what a person would say: 45 s, 12 min, 3.5 h, 2.1 d.</summary>
    public static string Text(double seconds) => seconds switch
    {
        < 120 => $"{Math.Ceiling(seconds):0} s",
        < 7200 => $"{Math.Ceiling(seconds / 60):0} min",
        < 172_800 => $"{seconds / 3600:0.#} h",
        _ => $"{seconds / 86_400:0.#} d",
    };
}
