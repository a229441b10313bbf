using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Routing.Policies;

namespace ModelMigrate.Core.Configuration.Sections.Routes;

/// <summary>Reads a route's <c>cache</c>. The key alone, with nothing under it, turns the cache on with its defaults.</summary>
internal static class CacheSection
{
    private const long LeastSize = 1024;
    private const long MostSize = 64L * 1024 * 1024 * 1024;

    /// <summary>An answer that is not streamed is never larger.</summary>
    private const long MostEntry = 32L * 1024 * 1024;

    public static CacheLimits? Read(MapReader route)
    {
        if (route.Node("cache") is null)
        {
            return null;
        }

        var cache = route.Group("cache");
        var defaults = CacheLimits.Default;
        var isEnabled = cache.Flag("enabled") ?? true;
        var size = cache.Size("maxSize", LeastSize, MostSize) ?? defaults.MaxSize;
        var entry = cache.Size("maxEntry", LeastSize, MostEntry);
        if (entry > size)
        {
            cache.Problems.Error(
                cache.At("maxEntry"), cache.PathOf("maxEntry"), "out-of-range", $"{cache.PathOf("maxEntry")} is above maxSize, {Quantity.Size(size)}.", "Lower it, or raise 'maxSize'.");
        }

        var read = new CacheLimits
        {
            TimeToLive = cache.Duration("ttl", TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)) ?? defaults.TimeToLive,
            MaxSize = size,
            MaxEntry = entry ?? Math.Min(defaults.MaxEntry, size),
        };
        cache.Finish();
        return isEnabled ? read : null;
    }
}
