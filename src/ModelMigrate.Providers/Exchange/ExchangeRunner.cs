using System.Collections.Concurrent;
using System.Diagnostics;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Providers.Exchange.Attempts;
using ModelMigrate.Providers.Exchange.Balancing;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.Exchange.Breakers;
using ModelMigrate.Providers.Exchange.Comparing;
using ModelMigrate.Providers.Exchange.Forwarded;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.Exchange;

/// <summary>Carries requests from route to observation, and owns what they share: route traffic, breakers, cuts, back-off.</summary>
public sealed class ExchangeRunner : IDisposable
{
    private readonly ConcurrentDictionary<RouteId, RouteTraffic> _traffic = new();
    private readonly ConcurrentDictionary<(MigrationId, int), Breaker> _breakers = new();
    private readonly ConcurrentDictionary<(ModelId, string), ModelBreaker> _modelBreakers = new();
    private readonly IDisposable _subscription;
    private readonly ProviderConnections _connections;

    public ExchangeRunner(SnapshotFeed feed, ObservationStream observations, ProviderConnections connections, TimeProvider time, ulong seed)
    {
        Feed = feed;
        Observations = observations;
        Time = time;
        Router = new Router(feed, observations);
        Endpoints = new ModelEndpoints(connections, time);
        Backoff = new Backoff(seed);
        Picker = new EndpointPicker(this, seed ^ 0x656e64706f696e74);
        Comparison = new HybridComparison(this);
        Cuts = new TargetCuts(feed);
        _connections = connections;
        _subscription = feed.Subscribe(OnPublished);
    }

    internal SnapshotFeed Feed { get; }

    internal ObservationStream Observations { get; }

    internal TimeProvider Time { get; }

    internal Router Router { get; }

    internal ModelEndpoints Endpoints { get; }

    internal Backoff Backoff { get; }

    internal EndpointPicker Picker { get; }

    internal HybridComparison Comparison { get; }

    internal TargetCuts Cuts { get; }

    /// <summary>Who holds which conversation.</summary>
    public HeldAnswers Held { get; } = new();

    /// <summary>Called after each comparison of a hybrid migration, on any thread.</summary>
    public Action<ComparisonReport>? Compared
    {
        get => Comparison.Compared;
        set => Comparison.Compared = value;
    }

    /// <summary>
    /// Serves one request and answers how it went. <paramref name="aborted"/>: the client is gone. <paramref name="draining"/>: the
    /// process ends and the request has had its time.
    /// </summary>
    public ValueTask<ExchangeReport> RunAsync(
        ExchangeRequest request, ExchangeClient client, CancellationToken aborted, CancellationToken draining) =>
        new ExchangeRun(this, request, client, aborted, draining).RunAsync();

    /// <summary>Asks one model of a route, of a provider of the messages protocol, how long a prompt is; without the state that a message would not bring it.</summary>
    public async Task<TokenCount> CountTokensAsync(
        RouteSnapshot route, ModelSnapshot model, ChatBody body, ExchangeClient client, IReadOnlyList<KeyValuePair<string, string>> headers, Activity? span, CancellationToken aborted)
    {
        ChatRequest? translated = null;
        if (body.HoldsState || body.HoldsForeign(model, route.Source))
        {
            if (!client.TryTranslate(body.Bytes, out translated, out var error))
            {
                return new TokenCount(default, error);
            }

            translated = translated.WithOrigin(body.RawFamily(route.Source));
        }

        return await new TokenCounting(Endpoints.For(model), route.Limits, Time).RunAsync(body, translated, headers, span, aborted);
    }

    /// <summary>Sends a request to a provider as it is, and hands back what comes; nothing is tried again, metered or observed. The caller disposes it.</summary>
    public Task<ForwardedAnswer> ForwardAsync(ForwardedRequest request, CancellationToken aborted) => new Forwarding(Endpoints.For(request.Model), Time).SendAsync(request, aborted);

    /// <summary>What is under way on a route.</summary>
    public RouteTraffic TrafficOf(RouteId route) => 
        _traffic.TryGetValue(route, out var known) ? known : _traffic.GetOrAdd(route, static (_, time) => new RouteTraffic(time), Time);

    /// <summary>The breaker of a migration's target.</summary>
    public Breaker BreakerOf(SplitSnapshot split) =>
        _breakers.GetOrAdd((split.Migration, split.Attempt), static (_, time) => new Breaker(time), Time);

    /// <summary>The breaker of a model, for all routes. It outlives every reload that leaves the model what it is.</summary>
    public ModelBreaker BreakerOf(ModelSnapshot model)
    {
        var key = (model.Id, model.Fingerprint);
        return _modelBreakers.TryGetValue(key, out var known) ? known : _modelBreakers.GetOrAdd(key, static (_, time) => new ModelBreaker(time), Time);
    }

    public void Dispose()
    {
        _subscription.Dispose();
        Comparison.Dispose();
        Cuts.Dispose();
    }

    private void OnPublished(RoutingSnapshot snapshot)
    {
        var providers = new HashSet<ProviderSnapshot>();
        var models = new HashSet<(ModelId, string)>();
        var migrations = new HashSet<(MigrationId, int)>();
        foreach (var route in snapshot.Routes.Values)
        {
            foreach (var model in route.Models)
            {
                models.Add((model.Id, model.Fingerprint));
                foreach (var call in model.Calls)
                {
                    providers.Add(call.Provider);
                    models.Add((call.Id, call.Fingerprint));
                }
            }

            if (route.Split is { } split)
            {
                migrations.Add((split.Migration, split.Attempt));
            }
        }

        _connections.Retain(providers);
        Picker.Retain(models);
        foreach (var gone in _breakers.Keys.Where(key => !migrations.Contains(key)))
        {
            _breakers.TryRemove(gone, out _);
        }

        foreach (var gone in _modelBreakers.Keys.Where(key => !models.Contains(key)))
        {
            _modelBreakers.TryRemove(gone, out _);
        }
    }
}
