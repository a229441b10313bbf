namespace ModelMigrate.Core.Routing.Strategies;

/// <summary>The strategies' names in files and headers.</summary>
public static class StrategyWords
{
    public static IReadOnlyList<(string Word, EndpointStrategy Value)> All { get; } =
    [
        ("balanced", EndpointStrategy.Balanced),
        ("quality-first", EndpointStrategy.QualityFirst),
        ("cost-optimized", EndpointStrategy.CostOptimized),
        ("speed-priority", EndpointStrategy.SpeedPriority),
        ("reliability-first", EndpointStrategy.ReliabilityFirst),
        ("least-loaded", EndpointStrategy.LeastLoaded),
        ("round-robin", EndpointStrategy.RoundRobin),
        ("random", EndpointStrategy.Random),
        ("capability-match", EndpointStrategy.CapabilityMatch),
    ];

    public static string Of(EndpointStrategy strategy) => All[(int)strategy].Word;

    public static bool TryParse(string word, out EndpointStrategy strategy)
    {
        foreach (var (known, value) in All)
        {
            if (string.Equals(known, word, StringComparison.OrdinalIgnoreCase))
            {
                strategy = value;
                return true;
            }
        }

        strategy = default;
        return false;
    }
}
