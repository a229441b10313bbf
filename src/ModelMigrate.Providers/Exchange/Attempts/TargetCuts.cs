using System.Collections.Concurrent;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Providers.Exchange.Attempts;

/// <summary>Ends the answers that a rolled back target is still giving, when its split says so.</summary>
internal sealed class TargetCuts : IDisposable
{
    private readonly ConcurrentDictionary<(MigrationId, int), CancellationTokenSource> _running = new();
    private readonly SnapshotFeed _feed;
    private readonly IDisposable _subscription;

    public TargetCuts(SnapshotFeed feed)
    {
        _feed = feed;
        _subscription = feed.Subscribe(OnPublished);
    }

    /// <summary>A token that is cancelled when this attempt of the migration is rolled back with a cut.</summary>
    public CancellationToken TokenFor(SplitSnapshot split, RouteId route)
    {
        var token = _running.GetOrAdd((split.Migration, split.Attempt), static _ => new CancellationTokenSource()).Token;

        // The cut may have been published between this request's snapshot and its registration here.
        return _feed.Current.Routes.TryGetValue(route.Value, out var now) && now.Split is { CutTarget: true } cut
            && cut.Migration == split.Migration && cut.Attempt == split.Attempt
            ? new CancellationToken(canceled: true)
            : token;
    }

    public void Dispose()
    {
        _subscription.Dispose();
        foreach (var running in _running.Values)
        {
            running.Dispose();
        }
    }

    private void OnPublished(RoutingSnapshot snapshot)
    {
        foreach (var route in snapshot.Routes.Values)
        {
            if (route.Split is { CutTarget: true } split && _running.TryRemove((split.Migration, split.Attempt), out var running))
            {
                // Not on the publisher's thread: the callbacks end requests.
                _ = running.CancelAsync();
            }
        }
    }
}
