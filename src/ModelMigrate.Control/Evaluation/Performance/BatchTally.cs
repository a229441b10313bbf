using ModelMigrate.Control.Evaluation.Timing;
using ModelMigrate.Core.Evaluation.Timing;

namespace ModelMigrate.Control.Evaluation.Performance;

/// <summary>Adds up the rounds of one model at one batch size. Owned by one run.</summary>
internal sealed class BatchTally(int batch, double limitMs)
{
    private readonly CensoredTimes _latency = new(limitMs);
    private readonly CensoredTimes _first = new(limitMs);
    private readonly CensoredTimes _gaps = new(limitMs);
    private readonly CensoredTimes _round = new(limitMs);
    private readonly SortedDictionary<string, long> _errors = new(StringComparer.Ordinal);
    private readonly List<double> _speeds = [];
    private long _tokens;
    private long _counted;
    private long _rounds;
    private long _warmupErrors;
    private double _seconds;

    public void AddWarmup(IEnumerable<TimedCall> calls) => _warmupErrors += calls.Count(static call => call.Error is not null);

    public void Add(IReadOnlyCollection<TimedCall> calls, TimeSpan took)
    {
        _rounds++;
        _seconds += took.TotalSeconds;
        foreach (var call in calls)
        {
            Add(call);
        }

        if (calls.Any(static call => call.Error is not null))
        {
            _round.AddCensored();
        }
        else
        {
            _round.Add(took.TotalMilliseconds);
        }
    }

    public BatchFigures Figures()
    {
        _speeds.Sort();
        return new BatchFigures
        {
            Batch = batch,
            Rounds = _rounds,
            Calls = _latency.Count,
            Answered = _latency.Count - _latency.Censored,
            Errors = _errors,
            WarmupErrors = _warmupErrors,
            Latency = Both(_latency),
            FirstToken = Both(_first),
            InterToken = Both(_gaps, hasInterval: false),
            Round = Both(_round),
            TokensPerSecondOfCall = _speeds.Count == 0 ? null : _speeds[(_speeds.Count - 1) / 2],
            TokensPerSecond = _seconds > 0 ? _tokens / _seconds : null,
            OutputTokens = _tokens,
            CountedCalls = _counted,
            Seconds = _seconds,
        };
    }

    private static PercentileFigure[] Both(CensoredTimes times, bool hasInterval = true) => [times.Percentile(0.5, hasInterval), times.Percentile(0.99, hasInterval)];

    private void Add(TimedCall call)
    {
        foreach (var gap in call.GapsMs)
        {
            _gaps.Add(gap);
        }

        if (call.FirstTokenMs is { } first)
        {
            _first.Add(first);
        }
        else
        {
            _first.AddCensored();
        }

        if (call.Error is { } error)
        {
            _errors[error] = _errors.GetValueOrDefault(error) + 1;
            _latency.AddCensored();
            _speeds.Add(0);
            if (call.FirstTokenMs is not null)
            {
                // It broke off: the next piece never came.
                _gaps.AddCensored();
            }

            return;
        }

        var whole = call.WholeMs!.Value;
        _latency.Add(whole);
        _tokens += call.OutputTokens;
        _counted += call.IsCounted ? 1 : 0;
        if (whole > 0)
        {
            _speeds.Add(call.OutputTokens / (whole / 1000));
        }
    }
}
