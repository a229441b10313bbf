using System.Runtime.InteropServices;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>Counts one event of a block by keys: those with a request that counts, and of those the ones that had the event at least once.</summary>
internal sealed class KeyedCounter(CountedEvent counted)
{
    private readonly Dictionary<(ulong Key, Arm Arm), (int Requests, int Events)> _keys = [];
    private readonly KeyTally _target = new();
    private int _sourceExposures;
    private int _targetExposures;
    private int _sourceEvents;
    private int _targetEvents;

    public static KeyedCounter[] All(CountedSignals counted) => 
        [.. counted.Keyed.Select(name => CountedEvent.Of(name, counted)).OfType<CountedEvent>().Select(static each => new KeyedCounter(each))];

    /// <summary>A running request is exposure to failures and throttling; whether a check will look at its answer nobody knows.</summary>
    public void Admit(in Request request)
    {
        if (counted.IsOfEveryRequest)
        {
            Add(request, requests: 1, events: 0);
        }
    }

    public void End(in Request request, in Observation ended)
    {
        var counts = counted.Counts(request, ended.Checked);
        var happened = counts && counted.Happened(request, ended.FailedChecks);
        Add(request, (counts ? 1 : 0) - (counted.IsOfEveryRequest ? 1 : 0), happened ? 1 : 0);
    }

    public SignalCounts Read() => new(Signal.OfKeys(counted.Name), _sourceExposures, _sourceEvents, _targetExposures, _targetEvents) { Keys = _target.Heaviest() };

    /// <summary>Matches the i-th key of the target with the i-th of the source, in the order in which they came.</summary>
    public PairCounts Pair(PagedList<Request> requests)
    {
        var met = new HashSet<(ulong, Arm)>();
        List<bool> source = [], target = [];
        for (var i = 0; i < requests.Count; i++)
        {
            ref readonly var request = ref requests[i];
            if (_keys.TryGetValue((request.Key, request.Arm), out var key) && key.Requests > 0 && met.Add((request.Key, request.Arm)))
            {
                (request.Arm == Arm.Source ? source : target).Add(key.Events > 0);
            }
        }

        long lost = 0, won = 0;
        var pairs = Math.Min(source.Count, target.Count);
        for (var i = 0; i < pairs; i++)
        {
            lost += target[i] && !source[i] ? 1 : 0;
            won += !target[i] && source[i] ? 1 : 0;
        }

        return new PairCounts(lost, pairs - lost - won, won);
    }

    /// <summary>Makes it as new.</summary>
    public void Clear()
    {
        _keys.Clear();
        _target.Clear();
        (_sourceExposures, _targetExposures, _sourceEvents, _targetEvents) = (0, 0, 0, 0);
    }

    private void Add(in Request request, int requests, int events)
    {
        if (requests == 0 && events == 0)
        {
            return;
        }

        ref var key = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, (request.Key, request.Arm), out _);
        var before = key;
        key = (key.Requests + requests, key.Events + events);
        var exposed = (key.Requests > 0 ? 1 : 0) - (before.Requests > 0 ? 1 : 0);
        var met = key.Events > 0 && before.Events == 0 ? 1 : 0;
        if (request.Arm == Arm.Source)
        {
            (_sourceExposures, _sourceEvents) = (_sourceExposures + exposed, _sourceEvents + met);
            return;
        }

        (_targetExposures, _targetEvents) = (_targetExposures + exposed, _targetEvents + met);
        if (met == 1)
        {
            _target.Add(request.Key, source: 0, target: 1);
        }
    }
}
