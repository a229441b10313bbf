namespace ModelMigrate.Core.Routing.Strategies;

/// <summary>
/// Chooses one of the endpoints that can take a request. Each strategy gives every endpoint a number, of which the least is best; numbers within
/// 5 % of the best, and shares within one point, are equal to it; of equals the one with the fewest calls under way is taken, and of those the next
/// in turn. An endpoint of which too little is known counts as the best, so that it gets to be known.
/// </summary>
public static class EndpointChoice
{
    private const double Near = 1.05;
    private const double NearShare = 0.01;

    /// <summary>The index of the chosen one of <paramref name="endpoints"/>, which are not none.</summary>
    /// <param name="strategy">By what.</param>
    /// <param name="endpoints">In the order of the file.</param>
    /// <param name="turn">Grows by one with every choice; says who comes next.</param>
    /// <param name="draw">Uniform in [0, 1).</param>
    public static int Choose(EndpointStrategy strategy, ReadOnlySpan<EndpointReading> endpoints, uint turn, double draw)
    {
        switch (strategy)
        {
            case EndpointStrategy.RoundRobin:
                return (int)(turn % (uint)endpoints.Length);
            case EndpointStrategy.Random:
                return (int)(draw * endpoints.Length);
        }

        Span<double> scores = endpoints.Length <= 32 ? stackalloc double[endpoints.Length] : new double[endpoints.Length];
        Score(strategy, endpoints, scores);
        var best = double.PositiveInfinity;
        foreach (var score in scores)
        {
            best = Math.Min(best, double.IsNaN(score) ? best : score);
        }

        var most = strategy switch
        {
            EndpointStrategy.CostOptimized or EndpointStrategy.SpeedPriority => best * Near,
            EndpointStrategy.LeastLoaded or EndpointStrategy.CapabilityMatch => best,
            EndpointStrategy.Balanced => best + (Near - 1),
            EndpointStrategy.QualityFirst or EndpointStrategy.ReliabilityFirst => best + NearShare,
            EndpointStrategy.RoundRobin or EndpointStrategy.Random => best,
        };
        return OfEquals(endpoints, scores, most, turn);
    }

    /// <summary>The endpoint of the highest hash of key and endpoint (rendezvous hashing, Thaler and Ravishankar 1996): one that leaves moves only its own keys.</summary>
    public static int ByKey(ReadOnlySpan<byte> key, ReadOnlySpan<uint> endpoints)
    {
        var (chosen, highest) = (0, 0u);
        for (var i = 0; i < endpoints.Length; i++)
        {
            var hash = Bucketing.Murmur3(key, endpoints[i]);
            if (hash > highest)
            {
                (chosen, highest) = (i, hash);
            }
        }

        return chosen;
    }

    private static void Score(EndpointStrategy strategy, ReadOnlySpan<EndpointReading> endpoints, Span<double> scores)
    {
        for (var i = 0; i < endpoints.Length; i++)
        {
            scores[i] = strategy == EndpointStrategy.Balanced ? 0 : Value(strategy, endpoints[i]);
        }

        if (strategy != EndpointStrategy.Balanced)
        {
            return;
        }

        foreach (var part in (ReadOnlySpan<EndpointStrategy>)
            [EndpointStrategy.QualityFirst, EndpointStrategy.CostOptimized, EndpointStrategy.SpeedPriority, EndpointStrategy.ReliabilityFirst])
        {
            var worst = 0.0;
            foreach (var endpoint in endpoints)
            {
                var value = Value(part, endpoint);
                worst = value > worst ? value : worst;
            }

            for (var i = 0; i < endpoints.Length && worst > 0; i++)
            {
                var value = Value(part, endpoints[i]);
                scores[i] += double.IsNaN(value) ? 0 : value / worst / 4;
            }
        }
    }

    /// <summary>What the strategy goes by, NaN where it is not known.</summary>
    private static double Value(EndpointStrategy strategy, in EndpointReading endpoint) => strategy switch
    {
        EndpointStrategy.QualityFirst => endpoint.FailedChecks ?? double.NaN,
        EndpointStrategy.CostOptimized => endpoint.Cost ?? double.NaN,
        EndpointStrategy.SpeedPriority => endpoint.LatencyMs ?? double.NaN,
        EndpointStrategy.ReliabilityFirst => endpoint.Failures ?? double.NaN,
        EndpointStrategy.LeastLoaded => endpoint.InFlight,
        EndpointStrategy.CapabilityMatch => endpoint.Surplus,
        EndpointStrategy.Balanced or EndpointStrategy.RoundRobin or EndpointStrategy.Random => 0,
    };

    private static int OfEquals(ReadOnlySpan<EndpointReading> endpoints, ReadOnlySpan<double> scores, double most, uint turn)
    {
        var chosen = -1;
        for (var i = 0; i < endpoints.Length; i++)
        {
            var at = (int)((turn + (uint)i) % (uint)endpoints.Length);
            if (scores[at] > most)
            {
                continue;
            }

            if (chosen < 0 || endpoints[at].InFlight < endpoints[chosen].InFlight)
            {
                chosen = at;
            }
        }

        return chosen;
    }
}
