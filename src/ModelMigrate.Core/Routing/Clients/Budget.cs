namespace ModelMigrate.Core.Routing.Clients;

/// <summary>What a client, or a route, may spend in a period.</summary>
/// <param name="Per">The period.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Limit">How much of it, above 0.</param>
public sealed record Budget(BudgetPeriod Per, BudgetUnit Unit, decimal Limit)
{
    /// <summary>The first day of the period that a time lies in.</summary>
    public static DateOnly Begin(BudgetPeriod per, DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        return per == BudgetPeriod.Day ? day : new DateOnly(day.Year, day.Month, 1);
    }

    /// <summary>When the period that a time lies in is over.</summary>
    public static DateTimeOffset End(BudgetPeriod per, DateTimeOffset at)
    {
        var begin = Begin(per, at);
        return new DateTimeOffset((per == BudgetPeriod.Day ? begin.AddDays(1) : begin.AddMonths(1)).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
    }
}
