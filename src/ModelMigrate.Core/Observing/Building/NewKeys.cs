namespace ModelMigrate.Core.Observing.Building;

/// <summary>
/// Tells the first meeting with a key under the current weight from later ones. The sample ratio counts keys, not requests, because
/// all requests of a key go to one arm. Stops counting at a bound: a mismatch shows long before it.
/// </summary>
internal sealed class NewKeys
{
    private const int MaxKeys = 50_000;

    private readonly HashSet<ulong> _seen = [];
    private int _weightPpm = -1;
    private long _revision;

    public bool IsNew(int weightPpm, long revision, ulong key)
    {
        if (weightPpm != _weightPpm)
        {
            if (revision < _revision)
            {
                // A request that still carried the snapshot before.
                return false;
            }

            _weightPpm = weightPpm;
            _seen.Clear();
        }

        _revision = Math.Max(revision, _revision);
        return _seen.Count < MaxKeys && _seen.Add(key);
    }
}
