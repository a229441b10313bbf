using System.Collections.Concurrent;
using ModelMigrate.Core.Routing.Policies;

namespace ModelMigrate.Gateway.Caching;

/// <summary>
/// The kept answers of one route. Finding one takes no lock; only keeping one does. What has to go is chosen as SIEVE does (Y. Zhang et
/// al., NSDI 2024): a hand moves from the oldest to the newest, spares what was used since it last came by, and takes the first that was
/// not. Thread-safe.
/// </summary>
internal sealed class RouteCache(TimeProvider time)
{
    private readonly ConcurrentDictionary<CacheKey, LinkedListNode<CachedAnswer>> _answers = new();
    private readonly Lock _gate = new();

    /// <summary>Newest first.</summary>
    private readonly LinkedList<CachedAnswer> _order = new();

    private LinkedListNode<CachedAnswer>? _hand;
    private long _bytes;

    /// <summary>Bytes that the kept answers take, about.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The answer kept under a key, unless it is too old.</summary>
    public CachedAnswer? Find(in CacheKey key, CacheLimits limits)
    {
        if (!_answers.TryGetValue(key, out var node) || IsOld(node.Value, limits))
        {
            return null;
        }

        node.Value.WasUsed = true;
        return node.Value;
    }

    /// <summary>Keeps an answer in place of an older one of its key; one that is too large is not kept.</summary>
    public void Keep(CachedAnswer answer, CacheLimits limits)
    {
        if (answer.Body.Length > limits.MaxEntry || answer.Size > limits.MaxSize)
        {
            return;
        }

        lock (_gate)
        {
            if (_answers.TryGetValue(answer.Key, out var older))
            {
                Remove_NeedsLock(older);
            }

            while (_bytes + answer.Size > limits.MaxSize)
            {
                Evict_NeedsLock(limits);
            }

            _answers[answer.Key] = _order.AddFirst(answer);
            Volatile.Write(ref _bytes, _bytes + answer.Size);
        }
    }

    private void Evict_NeedsLock(CacheLimits limits)
    {
        var at = _hand ?? _order.Last!;
        while (at.Value.WasUsed && !IsOld(at.Value, limits))
        {
            at.Value.WasUsed = false;
            at = at.Previous ?? _order.Last!;
        }

        _hand = at.Previous;
        Remove_NeedsLock(at);
    }

    private void Remove_NeedsLock(LinkedListNode<CachedAnswer> node)
    {
        _hand = ReferenceEquals(_hand, node) ? node.Previous : _hand;
        _order.Remove(node);
        _answers.TryRemove(node.Value.Key, out _);
        Volatile.Write(ref _bytes, _bytes - node.Value.Size);
    }

    private bool IsOld(CachedAnswer answer, CacheLimits limits) => time.GetElapsedTime(answer.Stored) >= limits.TimeToLive;
}
