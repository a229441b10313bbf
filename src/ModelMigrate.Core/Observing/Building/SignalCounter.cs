using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>Counts one event of a block's requests: throttling, or the failures of one check.</summary>
internal sealed class SignalCounter
{
    private readonly CountedEvent _event;
    private readonly KeyTally _keys = new();
    private int _sourceExposures;
    private int _targetExposures;
    private int _sourceEvents;
    private int _targetEvents;

    private SignalCounter(string name, ulong check) => _event = new CountedEvent(name, check);

    public static SignalCounter[] All(CountedSignals counted)
    {
        var all = counted.Checks.Take(CountedSignals.MaxChecks).Select(static (name, i) => new SignalCounter(Signal.OfCheck(name), 1UL << i));
        return [.. counted.Throttling ? all.Prepend(new SignalCounter(Signal.Throttled, 0)) : all];
    }

    public void End(in Request request, in Observation ended)
    {
        if (!_event.Counts(request, ended.Checked))
        {
            return;
        }

        var happened = _event.Happened(request, ended.FailedChecks) ? 1 : 0;
        if (request.Arm == Arm.Source)
        {
            _sourceExposures++;
            _sourceEvents += happened;
            if (happened == 1 && request.IsFollowed)
            {
                _keys.Add(request.Key, source: 1, target: 0);
            }

            return;
        }

        _targetExposures++;
        _targetEvents += happened;
        if (happened == 1)
        {
            _keys.Add(request.Key, source: 0, target: 1);
        }
    }

    /// <summary>
    /// The counts. Running requests are exposure to throttling, as to failures. Whether a check will look at their answer nobody knows: a
    /// check is judged from ended blocks only.
    /// </summary>
    public SignalCounts Read(int sourceOpen, int targetOpen) => new(
        _event.Name, _sourceExposures + (_event.IsOfEveryRequest ? sourceOpen : 0), _sourceEvents,
        _targetExposures + (_event.IsOfEveryRequest ? targetOpen : 0), _targetEvents)
    {
        Keys = _keys.Heaviest(),
    };

    /// <summary>Matches the i-th target request with the i-th source request, of those that count.</summary>
    public PairCounts Pair(PagedList<Request> requests, PagedList<RequestDetail> details)
    {
        long lost = 0, even = 0, won = 0;
        int source = 0, target = 0;
        while (Next(requests, details, Arm.Target, ref target) && Next(requests, details, Arm.Source, ref source))
        {
            var happened = _event.Happened(requests[target], _event.IsOfEveryRequest ? 0 : details[target].Failed);
            var onSource = _event.Happened(requests[source], _event.IsOfEveryRequest ? 0 : details[source].Failed);
            lost += happened && !onSource ? 1 : 0;
            won += !happened && onSource ? 1 : 0;
            even += happened == onSource ? 1 : 0;
            target++;
            source++;
        }

        return new PairCounts(lost, even, won);
    }

    /// <summary>Makes it as new.</summary>
    public void Clear()
    {
        (_sourceExposures, _targetExposures, _sourceEvents, _targetEvents) = (0, 0, 0, 0);
        _keys.Clear();
    }

    private bool Next(PagedList<Request> requests, PagedList<RequestDetail> details, Arm arm, ref int at)
    {
        while (at < requests.Count && (requests[at].Arm != arm || !_event.Counts(requests[at], _event.IsOfEveryRequest ? 0 : details[at].Checked)))
        {
            at++;
        }

        return at < requests.Count;
    }
}
