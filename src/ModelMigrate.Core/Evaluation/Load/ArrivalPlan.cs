using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Core.Evaluation.Load;

/// <summary>When each request of a load comes, from its start. The same seed gives the same times on every machine.</summary>
public static class ArrivalPlan
{
    /// <summary>In order. A Poisson process whose rate changes is one of rate 1 on the clock of <see cref="LoadShape.Until"/> (Çinlar 1975).</summary>
    public static IEnumerable<TimeSpan> Of(LoadShape shape, ulong seed)
    {
        var draws = new SeededDraws(seed);
        var (unit, count) = (0.0, 0L);
        while (count < (shape.Requests ?? long.MaxValue))
        {
            unit = shape.Arrivals switch { ArrivalKind.Poisson => unit + draws.Gap(1), ArrivalKind.Constant => count };
            count++;
            var at = TimeSpan.FromSeconds(shape.When(unit));
            if (at >= shape.Duration)
            {
                yield break;
            }

            yield return at;
        }
    }
}
