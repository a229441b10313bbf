using System.Collections.Concurrent;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Strategies;
using ModelMigrate.Providers.Exchange.Attempts;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Providers.Exchange.Balancing;

/// <summary>Chooses which of a model's endpoints takes a call, and owns what is known of each. Thread-safe.</summary>
internal sealed class EndpointPicker(ExchangeRunner shared, ulong seed)
{
    private readonly ConcurrentDictionary<(ModelId, string), EndpointStats> _stats = new();
    private readonly ConcurrentDictionary<(RouteId, ModelId), Turn> _turns = new();
    private readonly Backoff _draws = new(seed);

    public EndpointStats StatsOf(ModelSnapshot endpoint)
    {
        var key = (endpoint.Id, endpoint.Fingerprint);
        return _stats.TryGetValue(key, out var known) ? known : _stats.GetOrAdd(key, static (_, time) => new EndpointStats(time), shared.Time);
    }

    /// <summary>
    /// The endpoint of <paramref name="model"/>, which has several, for a call: of those that can take the request, were not tried for it and are not spared, by the key
    /// where the route asks for it, else by strategy. Where none is left, those that were tried or are spared stand again.
    /// </summary>
    public ModelSnapshot Pick(ModelSnapshot model, ExchangeRequest request, IReadOnlyList<ModelSnapshot> tried)
    {
        // An answer that a provider holds can be gone on with only there.
        var able = model.Endpoints.Where(endpoint => Carrying.TakesImages(request.Body, model, endpoint)
            && (request.Body.Holder is not { } holder || endpoint.Provider.Id == holder)).ToList();
        able = able.Count > 0 ? able : [.. model.Endpoints];
        var fresh = able.Where(endpoint => !tried.Contains(endpoint) && shared.BreakerOf(endpoint).WouldPass(endpoint.Provider.Breaker)).ToList();
        if (fresh.Count == 0)
        {
            fresh = able.Where(endpoint => !tried.Contains(endpoint)).ToList();
        }

        if (fresh.Count == 0)
        {
            fresh = able;
        }

        if (fresh.Count == 1)
        {
            return fresh[0];
        }

        if (request.Route.Affinity && request.Key.Length > 0)
        {
            Span<uint> places = stackalloc uint[fresh.Count];
            for (var i = 0; i < fresh.Count; i++)
            {
                places[i] = fresh[i].Place;
            }

            return fresh[EndpointChoice.ByKey(request.Key.Span, places)];
        }

        Span<EndpointReading> readings = new EndpointReading[fresh.Count];
        for (var i = 0; i < fresh.Count; i++)
        {
            readings[i] = StatsOf(fresh[i]).Read(Surplus(fresh[i], request.Body));
        }

        return fresh[EndpointChoice.Choose(request.Strategy ?? request.Route.Strategy, readings, TurnOf(request.Route.Id, model.Id).Next(), _draws.Draw())];
    }

    /// <summary>Forgets endpoints that no route has any more.</summary>
    public void Retain(IReadOnlySet<(ModelId, string)> endpoints)
    {
        foreach (var gone in _stats.Keys.Where(key => !endpoints.Contains(key)))
        {
            _stats.TryRemove(gone, out _);
        }
    }

    /// <summary>What the request does not need of what an endpoint can.</summary>
    private static int Surplus(ModelSnapshot endpoint, ChatBody body) =>
        endpoint.Capabilities.Count(ability => !(body.HasImages && Abilities.IsImages(ability)));

    private Turn TurnOf(RouteId route, ModelId model) =>
        _turns.TryGetValue((route, model), out var known) ? known : _turns.GetOrAdd((route, model), static _ => new Turn());

    private sealed class Turn
    {
        private int _count = -1;

        public uint Next() => (uint)Interlocked.Increment(ref _count);
    }
}
