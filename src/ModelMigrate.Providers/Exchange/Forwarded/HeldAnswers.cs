using System.Collections.Concurrent;
using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Providers.Exchange.Forwarded;

/// <summary>
/// Remembers which provider holds which answer, for the newest 100,000; what is forgotten, or was another process's, has to be asked
/// for. Owned by the runner.
/// </summary>
public sealed class HeldAnswers
{
    /// <summary>Answers remembered.</summary>
    public const int Most = 100_000;

    private readonly ConcurrentDictionary<string, ProviderId> _holders = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    public void Add(string id, ProviderId holder)
    {
        if (_holders.TryAdd(id, holder))
        {
            _order.Enqueue(id);
            if (_order.Count > Most && _order.TryDequeue(out var oldest))
            {
                _holders.TryRemove(oldest, out _);
            }
        }
    }

    /// <summary>Null when nothing is known of it.</summary>
    public ProviderId? Find(string id) => _holders.TryGetValue(id, out var holder) ? holder : null;
}
