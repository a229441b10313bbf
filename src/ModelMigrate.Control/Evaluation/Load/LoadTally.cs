using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Control.Evaluation.Timing;
using ModelMigrate.Core.Evaluation.Timing;

namespace ModelMigrate.Control.Evaluation.Load;

/// <summary>Counts what becomes of requests while they come. Owns the sums; thread-safe.</summary>
internal sealed class LoadTally(LoadOptions options, TimeProvider time)
{
    private const string Unsent = "not_sent";

    private readonly Lock _lock = new();
    private readonly long _began = time.GetTimestamp();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly HdrTimes _latency = new(options.Limit.TotalMilliseconds);
    private readonly HdrTimes _first = new(options.Limit.TotalMilliseconds);
    private readonly HdrTimes _lag = new(options.Limit.TotalMilliseconds);
    private readonly SortedDictionary<string, long> _errors = new(StringComparer.Ordinal);
    private long _sent;
    private long _notSent;
    private long _answered;
    private long _good;
    private long _tokens;
    private int _inFlight;
    private int _mostInFlight;
    private decimal? _cost = 0;
    private string? _version;
    private TimeSpan _lastAt;

    public TimeSpan Elapsed => time.GetElapsedTime(_began);

    /// <summary>Takes a place for a request that should begin then; false when too many are under way, and then it is counted as not sent.</summary>
    public bool TryBegin(TimeSpan at)
    {
        var lag = (Elapsed - at).TotalMilliseconds;
        lock (_lock)
        {
            _lastAt = at > _lastAt ? at : _lastAt;
            if (_inFlight >= options.MaxInFlight)
            {
                _notSent++;
                Fail(Unsent);
                _first.AddCensored();
                return false;
            }

            _sent++;
            _inFlight++;
            _mostInFlight = Math.Max(_mostInFlight, _inFlight);
            _lag.Add(Math.Max(0, lag));
            return true;
        }
    }

    /// <summary>The request that should have begun then is over, sent so much later than it should.</summary>
    public void End(TimeSpan at, TimeSpan lag, TimedCall call)
    {
        var whole = (Elapsed - at).TotalMilliseconds;
        var first = call.FirstTokenMs + lag.TotalMilliseconds;
        lock (_lock)
        {
            _inFlight--;
            _version = call.Model is { Length: > 0 } version ? version : _version;
            _cost += call.Cost ?? (call.Error is null ? null : 0);
            if (first is { } ms)
            {
                _first.Add(ms);
            }
            else
            {
                _first.AddCensored();
            }

            if (call.Error is { } error)
            {
                Fail(error);
                return;
            }

            _answered++;
            _tokens += call.OutputTokens;
            _latency.Add(whole);
            _good += whole <= (options.Slo?.TotalMilliseconds ?? double.MaxValue) && first <= (options.SloFirstToken?.TotalMilliseconds ?? double.MaxValue) ? 1 : 0;
        }
    }

    public LoadProgress Progress()
    {
        lock (_lock)
        {
            return new LoadProgress(Elapsed, _sent + _notSent, _inFlight, _answered, _sent - _inFlight - _answered, _notSent, _latency.Percentile(0.99));
        }
    }

    public LoadReport Report(string model, RunEnd end)
    {
        lock (_lock)
        {
            var (came, seconds) = (_sent + _notSent, Elapsed.TotalSeconds);
            return new LoadReport
            {
                Model = model,
                ReportedVersion = _version,
                Mode = options.Open is null ? "closed" : "open",
                Arrivals = options.Open?.Arrivals.ToString().ToLowerInvariant(),
                Seed = options.Seed,
                Users = options.Users?.Users,
                Requests = came,
                Sent = _sent,
                NotSent = _notSent,
                Answered = _answered,
                Errors = _errors,
                SuccessRate = came == 0 ? null : _answered / (double)came,
                Seconds = seconds,
                RequestsPerSecondAsked = options.Open is { } shape && Math.Max(shape.Length.TotalSeconds, _lastAt.TotalSeconds) is > 0 and var length ? came / length : null,
                RequestsPerSecondReached = seconds > 0 ? _answered / seconds : 0,
                Goodput = seconds > 0 ? _good / seconds : 0,
                SloMs = options.Slo?.TotalMilliseconds,
                SloFirstTokenMs = options.SloFirstToken?.TotalMilliseconds,
                Latency = All(_latency),
                FirstToken = All(_first),
                SendLagP99Ms = _lag.Percentile(0.99).Ms,
                SendLagLargestMs = _sent == 0 ? null : _lag.LargestMs,
                MaxInFlight = options.MaxInFlight,
                MostInFlight = _mostInFlight,
                LimitMs = options.Limit.TotalMilliseconds,
                OutputTokens = _tokens,
                Cost = _cost,
                StartedAt = _startedAt,
                End = end.Kind,
                IncompleteBecause = end.Kind == RunEndKind.Whole ? null : end.Message,
            };
        }
    }

    private static PercentileFigure[] All(HdrTimes times) => [times.Percentile(0.5), times.Percentile(0.95), times.Percentile(0.99), times.Percentile(0.999)];

    private void Fail(string kind)
    {
        _errors[kind] = _errors.GetValueOrDefault(kind) + 1;
        _latency.AddCensored();
    }
}
