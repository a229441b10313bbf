using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Gateway.Caching;

/// <summary>The caches of all routes that have one. They outlive a reload; a route that leaves, or turns its cache off, loses its answers.</summary>
internal sealed class ResponseCaches : IDisposable
{
    private readonly ConcurrentDictionary<RouteId, RouteCache> _caches = new();
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;

    public ResponseCaches(SnapshotFeed feed, TimeProvider time)
    {
        _time = time;
        _subscription = feed.Subscribe(OnPublished);
    }

    /// <summary>Bytes kept for each route.</summary>
    public IEnumerable<(RouteId Route, long Bytes)> Sizes => _caches.Select(static cache => (cache.Key, cache.Value.Bytes));

    /// <summary>Looks a request up; null on a route without a cache.</summary>
    /// <param name="request">The HTTP request, whose body <paramref name="body"/> is.</param>
    /// <param name="route">Its route.</param>
    /// <param name="arm">The model that it would be asked of.</param>
    /// <param name="body">As it came.</param>
    /// <param name="tenant">Whose request it is: no tenant gets another's answer.</param>
    public CacheVisit? Visit(HttpRequest request, RouteSnapshot route, ModelSnapshot arm, ReadOnlyMemory<byte> body, string tenant)
    {
        if (route.Cache is not { } limits)
        {
            return null;
        }

        var wishes = request.Headers.CacheControl.ToString();
        if (IsJudged(route) || wishes.Contains("no-store", StringComparison.OrdinalIgnoreCase))
        {
            return CacheVisit.Passing;
        }

        var key = KeyOf(request, route, arm, body, tenant);
        if (wishes.Contains("no-cache", StringComparison.OrdinalIgnoreCase))
        {
            return new CacheVisit(CacheResult.Bypass, Found: null, key);
        }

        var found = CacheOf(route.Id).Find(key, limits);
        return new CacheVisit(found is null ? CacheResult.Miss : CacheResult.Hit, found, key);
    }

    /// <summary>How old an answer is, in whole seconds.</summary>
    public long AgeOf(CachedAnswer answer) => (long)_time.GetElapsedTime(answer.Stored).TotalSeconds;

    /// <summary>Keeps an answer that ended well.</summary>
    public void Keep(CacheVisit visit, RouteSnapshot route, ExchangeReport report, RecordedAnswer recorded)
    {
        if (visit.Key is { } key && route.Cache is { } limits && CacheVisit.IsWorthKeeping(report) && recorded is { Head: { } head } && recorded.ToArray() is { } body)
        {
            var type = head.ContentType ?? (head.Stream ? "text/event-stream" : "application/json");
            CacheOf(route.Id).Keep(new CachedAnswer(key, body, type, head.Model, head.Changes, _time.GetTimestamp()), limits);
        }
    }

    public void Dispose() => _subscription.Dispose();

    /// <summary>Whether the router compares the route's arms now: an answer that is given again would be evidence of nothing, and a gap in what is.</summary>
    private static bool IsJudged(RouteSnapshot route) => route.Split is { WeightPpm: > 0 };

    private static CacheKey KeyOf(HttpRequest request, RouteSnapshot route, ModelSnapshot arm, ReadOnlyMemory<byte> body, string tenant)
    {
        using var text = new PooledBytes(body.Length + 1024);
        Append(text, tenant);
        Append(text, route.Id.Value);
        Append(text, arm.Id.Value);
        Append(text, arm.Fingerprint);
        Append(text, route.Changes.ToString());
        Append(text, request.Path.Value ?? "");
        foreach (var header in request.Headers.Where(static header => DecidesAnswers(header.Key)).OrderBy(static header => header.Key, StringComparer.OrdinalIgnoreCase))
        {
            Append(text, header.Key.ToLowerInvariant());
            Append(text, header.Value.ToString());
        }

        Append(text, "");
        CanonicalJson.Write(body, text);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.Span, hash);
        return new CacheKey(MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash[16..]));
    }

    // What the provider is sent may change what it says, but for what only names this one call.
    private static bool DecidesAnswers(string header) =>
        HeaderRules.MayLeave(header) && !header.StartsWith("trace", StringComparison.OrdinalIgnoreCase)
        && !header.Equals("idempotency-key", StringComparison.OrdinalIgnoreCase);

    // The length first, so that no two lists of texts come out alike.
    private static void Append(PooledBytes text, string part)
    {
        var length = Encoding.UTF8.GetByteCount(part);
        var into = text.Free(sizeof(int) + length).Span;
        MemoryMarshal.Write(into, length);
        Encoding.UTF8.GetBytes(part, into[sizeof(int)..]);
        text.Advance(sizeof(int) + length);
    }

    private RouteCache CacheOf(RouteId route) =>
        _caches.TryGetValue(route, out var known) ? known : _caches.GetOrAdd(route, static (_, time) => new RouteCache(time), _time);

    private void OnPublished(RoutingSnapshot snapshot)
    {
        foreach (var route in _caches.Keys)
        {
            if (!snapshot.Routes.TryGetValue(route.Value, out var now) || now.Cache is null)
            {
                _caches.TryRemove(route, out _);
            }
        }
    }
}
