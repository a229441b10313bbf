using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>One request of an open block.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Request(Arm arm, ulong key, DateTimeOffset at)
{
    public readonly Arm Arm => arm;

    public readonly ulong Key => key;

    public readonly DateTimeOffset At => at;

    public bool Ended { get; private set; }

    public Outcome Outcome { get; private set; }

    public TimeSpan Latency { get; private set; }

    public TimeSpan? FirstToken { get; private set; }

    public bool Rescued { get; private set; }

    public bool UserError { get; private set; }

    public long InputTokens { get; private set; }

    public long OutputTokens { get; private set; }

    public decimal Cost { get; private set; }

    public readonly bool IsFailure => Ended && Outcome is Outcome.Error or Outcome.Throttled or Outcome.Timeout or Outcome.Skipped;

    public void End(in Observation observation)
    {
        Ended = true;
        Outcome = observation.Outcome;
        Latency = observation.Latency;
        FirstToken = observation.FirstToken;
        Rescued = observation.Rescued;
        UserError = observation.UserError;
        InputTokens = observation.InputTokens;
        OutputTokens = observation.OutputTokens;
        Cost = observation.Cost ?? 0;
    }

    /// <summary>
    /// Whether the request was slower than a limit, or null when the latency gate does not count it. A running request counts as
    /// exposure, and as slow once it is older than the limit. A timeout or a skipped arm is slow. What ended otherwise without an
    /// answer (error, throttled, client error, canceled) is slow when it lasted beyond the limit, else it says nothing of speed and
    /// leaves the exposure: a fast failure is not a fast answer.
    /// </summary>
    public readonly bool? Exceeds(TimeSpan limit, bool firstToken, DateTimeOffset now)
    {
        var value = firstToken ? FirstToken ?? Latency : Latency;
        return (Ended, Outcome) switch
        {
            (false, _) => now - at > limit,
            (true, Outcome.Ok) => value > limit,
            (true, Outcome.Timeout or Outcome.Skipped) => true,
            (true, Outcome.Error or Outcome.Throttled or Outcome.ClientError or Outcome.Canceled) => value > limit ? true : null,
            (true, _) => null,
        };
    }
}
