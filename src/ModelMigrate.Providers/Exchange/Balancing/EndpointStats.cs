using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing.Strategies;
using ModelMigrate.Providers.Exchange.Attempts;

namespace ModelMigrate.Providers.Exchange.Balancing;

/// <summary>
/// What one endpoint has under way and what its calls came to, older ones counting half as much every five minutes. Outlives every reload that
/// leaves the endpoint what it is. Thread-safe.
/// </summary>
internal sealed class EndpointStats(TimeProvider time)
{
    /// <summary>Calls of weight below which nothing is said of an endpoint.</summary>
    public const double Fewest = 5;

    private const double HalfLifeSeconds = 300;

    private readonly Lock _gate = new();
    private long _decayed = time.GetTimestamp();
    private int _inFlight;
    private double _calls;
    private double _failures;
    private double _answers;
    private double _latency;
    private double _priced;
    private double _cost;
    private double _looked;
    private double _failedChecks;

    public int InFlight => Volatile.Read(ref _inFlight);

    public void Begin() => Interlocked.Increment(ref _inFlight);

    /// <summary>The call that began is over, however it ended.</summary>
    public void End() => Interlocked.Decrement(ref _inFlight);

    public void Add(in AttemptReport attempt)
    {
        if (attempt.Outcome is Outcome.Canceled or Outcome.ClientError or Outcome.Skipped)
        {
            return;
        }

        var isFailure = attempt.Outcome != Outcome.Ok;
        lock (_gate)
        {
            Decay_NeedsLock();
            _calls++;
            _failures += isFailure ? 1 : 0;
            if (!isFailure)
            {
                _answers++;
                _latency += (attempt.FirstToken ?? attempt.Latency).TotalMilliseconds;
            }

            if (attempt.Cost is { } cost)
            {
                _priced++;
                _cost += (double)cost;
            }
        }
    }

    /// <summary>A check of the route looked at an answer of the endpoint's.</summary>
    public void AddCheck(bool passed)
    {
        lock (_gate)
        {
            Decay_NeedsLock();
            _looked++;
            _failedChecks += passed ? 0 : 1;
        }
    }

    public EndpointReading Read(int surplus)
    {
        lock (_gate)
        {
            Decay_NeedsLock();
            return new EndpointReading(
                InFlight, Mean(_failedChecks, _looked), Mean(_cost, _priced), Mean(_latency, _answers), Mean(_failures, _calls), surplus);
        }
    }

    private static double? Mean(double sum, double weight) => weight < Fewest ? null : sum / weight;

    private void Decay_NeedsLock()
    {
        var now = time.GetTimestamp();
        var seconds = time.GetElapsedTime(_decayed, now).TotalSeconds;
        if (seconds < 1)
        {
            return;
        }

        var left = Math.Pow(0.5, seconds / HalfLifeSeconds);
        (_calls, _failures, _answers, _latency) = (_calls * left, _failures * left, _answers * left, _latency * left);
        (_priced, _cost, _looked, _failedChecks) = (_priced * left, _cost * left, _looked * left, _failedChecks * left);
        _decayed = now;
    }
}
