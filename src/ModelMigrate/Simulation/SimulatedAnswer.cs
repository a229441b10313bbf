using ModelMigrate.Simulation.Faults;

namespace ModelMigrate.Simulation;

/// <summary>
/// What a simulated provider does with one request: a pure function of the seed, the canonical body, how often that body was
/// seen before and the fault schedule, so that a run repeats whatever the order of arrival. Each kind of fault draws for
/// itself, so that raising one rate only adds faults of that kind.
/// </summary>
internal sealed record SimulatedAnswer
{
    private const int FewestTokens = 8;
    private const int MostTokens = 32;

    private static readonly string[] Words =
    [
        "the", "answer", "depends", "on", "how", "many", "orders", "arrive", "before", "noon", "and", "which", "of", "them", "were",
        "paid", "by", "card", "so", "please", "check", "your", "account", "page", "first", "then", "write", "back", "with", "a", "short",
        "note", "about", "what", "you", "see", "there", "because", "each", "case", "is", "handled", "in", "its", "own", "queue", "today",
        "usually", "within", "one", "hour", "but", "never", "later", "than", "two", "days", "after", "it", "was", "sent", "to", "us", "again",
    ];

    public required Fault Fault { get; init; }

    /// <summary>Time to the first content, or to the error.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>Time between two tokens after the first; zero sends all at once.</summary>
    public required TimeSpan TokenGap { get; init; }

    /// <summary>Unique for seed, body and occurrence.</summary>
    public required ulong Id { get; init; }

    /// <summary>The answer's tokens: lower-case ASCII words, each after the first with a leading space.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Chooses among the variants of one fault.</summary>
    public int Variant => (int)(SeededHash.Mix(Id, 9) % 12);

    /// <summary>Tokens that are sent before a <see cref="Fault.Cut"/> breaks the connection: at least one, never all.</summary>
    public int CutAfter => Math.Max(1, Tokens.Count / 2);

    public static SimulatedAnswer For(ulong seed, ulong bodyHash, int occurrence, FaultSchedule faults)
    {
        var id = SeededHash.Mix(SeededHash.Mix(seed, bodyHash), (ulong)occurrence);
        var fault = Draw(id, faults);
        var median = faults.LatencyMedian * faults.SlowFactor;
        var latency = fault switch
        {
            Fault.Down or Fault.Throttle => TimeSpan.Zero,
            Fault.Error => median * Math.Exp(faults.LatencySigma * SeededHash.Normal(SeededHash.Mix(id, 10))) / 4,
            _ => median * Math.Exp(faults.LatencySigma * SeededHash.Normal(SeededHash.Mix(id, 10))),
        };
        return new SimulatedAnswer
        {
            Fault = fault,
            Latency = latency,
            TokenGap = faults.TokensPerSecond > 0 ? TimeSpan.FromSeconds(1 / faults.TokensPerSecond) : TimeSpan.Zero,
            Id = id,
            Tokens = Write(id),
        };
    }

    private static Fault Draw(ulong id, FaultSchedule faults)
    {
        bool Hits(Fault fault, double rate) => SeededHash.Uniform(SeededHash.Mix(id, 20 + (ulong)fault)) < rate;
        return faults.Down ? Fault.Down
            : Hits(Fault.Throttle, faults.ThrottleRate) ? Fault.Throttle
            : Hits(Fault.Error, faults.ErrorRate) ? Fault.Error
            : Hits(Fault.Malformed, faults.MalformedRate) ? Fault.Malformed
            : Hits(Fault.Hang, faults.HangRate) ? Fault.Hang
            : Hits(Fault.Cut, faults.CutRate) ? Fault.Cut
            : Fault.None;
    }

    private static string[] Write(ulong id)
    {
        var tokens = new string[FewestTokens + (int)(SeededHash.Mix(id, 30) % (MostTokens - FewestTokens + 1))];
        var random = id;
        for (var i = 0; i < tokens.Length; i++)
        {
            random = SeededHash.Mix(random);
            tokens[i] = Spaced[(int)(random % (ulong)Words.Length)];
        }

        tokens[0] = tokens[0][1..];
        return tokens;
    }

    private static readonly string[] Spaced = [.. Words.Select(w => " " + w)];
}
