namespace ModelMigrate.Core.Plans.Forecasting;

/// <summary>How a forecast is made.</summary>
public sealed record ForecastOptions
{
    /// <summary>Decides every simulated request.</summary>
    public uint Seed { get; init; } = 1;

    /// <summary>Migrations to simulate for each question however long it takes; 0 for formulas alone; null for what fits into a few seconds.</summary>
    public int? Repetitions { get; init; }

    /// <summary>Simulated requests that a whole forecast may cost while nobody asked for repetitions: some seconds on two cores.</summary>
    internal double Budget { get; init; } = 1.8e6;

    /// <summary>Told what is being done, when set.</summary>
    public Action<string>? Progress { get; init; }
}
