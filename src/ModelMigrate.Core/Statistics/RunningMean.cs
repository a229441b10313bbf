namespace ModelMigrate.Core.Statistics;

/// <summary>A mean and its error over values that are not kept (Welford 1962). Owned by whoever adds to it.</summary>
public sealed class RunningMean
{
    private double _squares;

    public long Count { get; private set; }

    public double Mean { get; private set; }

    /// <summary>The mean so far and its standard error.</summary>
    public MeanEstimate Estimate => new()
    {
        Count = Count,
        Mean = Count > 0 ? Mean : double.NaN,
        StandardError = Count > 1 ? Math.Sqrt(_squares / (Count - 1) / Count) : double.NaN,
        DegreesOfFreedom = Math.Max(0, Count - 1),
    };

    public void Add(double value)
    {
        var before = value - Mean;
        Mean += before / ++Count;
        _squares += before * (value - Mean);
    }
}
