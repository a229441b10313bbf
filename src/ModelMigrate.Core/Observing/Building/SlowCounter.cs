using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>
/// Counts a block's requests that were slower than one frozen quantile. A running request is exposure, and slow once it is older than
/// the limit; requests are looked at in the order of admission and each only once, so that a look costs what happened since the last.
/// </summary>
internal sealed class SlowCounter(LatencyQuantile quantile, int bit)
{
    private readonly KeyTally _keys = new();
    private readonly byte _bit = (byte)(1 << bit);
    private int _sourceExposures;
    private int _targetExposures;
    private int _sourceEvents;
    private int _targetEvents;
    private int _next;

    /// <summary>Takes the end of a request in.</summary>
    public void End(in Request request, in Observation ended, FrozenQuantiles limits)
    {
        var slow = IsSlow(ended, limits[quantile]);
        var wasSlow = (request.Slow & _bit) != 0;
        var target = request.Arm == Arm.Target;
        _sourceExposures += slow is not null && !target ? 1 : 0;
        _targetExposures += slow is not null && target ? 1 : 0;
        if (wasSlow != (slow == true))
        {
            Count(request, slow == true ? 1 : -1);
        }
    }

    /// <summary>Counts the running requests that became slow. Answers when the next one does, in UTC ticks.</summary>
    public long Advance(PagedList<Request> requests, FrozenQuantiles limits, DateTimeOffset now)
    {
        var limit = limits[quantile].Ticks;
        for (; _next < requests.Count; _next++)
        {
            ref var request = ref requests[_next];
            if (request.Ended)
            {
                continue;
            }

            if (now.UtcTicks - request.AtTicks <= limit)
            {
                return request.AtTicks + limit + 1;
            }

            request.Slow |= _bit;
            Count(request, 1);
        }

        return long.MaxValue;
    }

    /// <summary>The counts; running requests are exposure.</summary>
    public ExceedanceCounts Read(int sourceOpen, int targetOpen) =>
        new(quantile, _sourceExposures + sourceOpen, _sourceEvents, _targetExposures + targetOpen, _targetEvents) { Keys = _keys.Heaviest() };

    /// <summary>Makes it as new.</summary>
    public void Clear()
    {
        (_sourceExposures, _targetExposures, _sourceEvents, _targetEvents, _next) = (0, 0, 0, 0, 0);
        _keys.Clear();
    }

    /// <summary>
    /// Whether an ended request was slower than a limit, or null when the latency gate does not count it. A timeout or a skipped arm is
    /// slow. What ended otherwise without an answer (error, throttled, client error, canceled) is slow when it lasted beyond the limit,
    /// else it says nothing of speed and leaves the exposure: a fast failure is not a fast answer.
    /// </summary>
    private bool? IsSlow(in Observation ended, TimeSpan limit)
    {
        var firstToken = quantile is LatencyQuantile.FirstTokenP50 or LatencyQuantile.FirstTokenP90 or LatencyQuantile.FirstTokenP95;
        var value = firstToken ? ended.FirstToken ?? ended.Latency : ended.Latency;
        return ended.LatencyUnknown ? null : ended.Outcome switch
        {
            Outcome.Ok => value > limit,
            Outcome.Timeout or Outcome.Skipped => true,
            Outcome.Error or Outcome.Throttled or Outcome.ClientError or Outcome.Canceled => value > limit ? true : null,
        };
    }

    private void Count(in Request request, int by)
    {
        if (request.Arm == Arm.Source)
        {
            _sourceEvents += by;
            if (request.IsFollowed)
            {
                _keys.Add(request.Key, source: by, target: 0);
            }

            return;
        }

        _targetEvents += by;
        _keys.Add(request.Key, source: 0, target: by);
    }
}
