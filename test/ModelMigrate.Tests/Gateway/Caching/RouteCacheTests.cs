using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Caching;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Caching;

public sealed class RouteCacheTests
{
    private static readonly ModelSnapshot s_model = new()
    {
        Id = new("m"), Name = "m", Fingerprint = "f",
        Provider = new ProviderSnapshot { Id = new("p"), Kind = ProviderKind.OpenAi, BaseUrl = new Uri("http://127.0.0.1:1") },
    };

    private readonly ManualClock _clock = new();

    [Fact]
    public void Keep_Full_TheOneNotUsedGoes()
    {
        var cache = new RouteCache(_clock);
        var limits = new CacheLimits { MaxSize = 3 * Answer(0, 100).Size };
        for (var i = 0; i < 3; i++)
        {
            cache.Keep(Answer(i, 100), limits);
        }

        Assert.NotNull(cache.Find(Key(0), limits));
        cache.Keep(Answer(3, 100), limits);

        Assert.Equal([true, false, true, true], Enumerable.Range(0, 4).Select(i => cache.Find(Key(i), limits) is not null));
    }

    [Fact]
    public void Find_OlderThanItsTime_Nothing()
    {
        var cache = new RouteCache(_clock);
        var limits = new CacheLimits { TimeToLive = TimeSpan.FromSeconds(10) };
        cache.Keep(Answer(1, 10), limits);

        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.NotNull(cache.Find(Key(1), limits));
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null(cache.Find(Key(1), limits));
    }

    [Fact]
    public void Keep_LargerThanAnEntryMayBe_IsNotKept()
    {
        var cache = new RouteCache(_clock);
        cache.Keep(Answer(1, 1025), new CacheLimits { MaxEntry = 1024 });
        Assert.Equal(0, cache.Bytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Keep_AnyOrderOfUses_StaysWithinItsSizeAndFindsOnlyWhatWasKept(int seed)
    {
        var random = new Random(seed);
        var cache = new RouteCache(_clock);
        var limits = new CacheLimits { MaxSize = 20_000, MaxEntry = 8_000, TimeToLive = TimeSpan.FromSeconds(30) };
        var newest = new Dictionary<CacheKey, CachedAnswer>();
        for (var step = 0; step < 20_000; step++)
        {
            var key = random.Next(60);
            if (random.Next(3) == 0)
            {
                var answer = Answer(key, random.Next(1, 9_000));
                newest[answer.Key] = answer.Body.Length <= limits.MaxEntry ? answer : newest.GetValueOrDefault(answer.Key, answer);
                cache.Keep(answer, limits);
                Assert.InRange(cache.Bytes, 0, limits.MaxSize);
            }
            else if (cache.Find(Key(key), limits) is { } found)
            {
                Assert.Same(newest[found.Key], found);
                Assert.True(_clock.GetElapsedTime(found.Stored) < limits.TimeToLive);
            }

            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(200)));
        }
    }

    [Fact]
    public async Task Keep_FromManyThreads_StaysWithinItsSize()
    {
        var cache = new RouteCache(_clock);
        var limits = new CacheLimits { MaxSize = 50_000 };
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            for (var step = 0; step < 20_000; step++)
            {
                cache.Find(Key(random.Next(200)), limits);
                cache.Keep(Answer(random.Next(200), random.Next(1, 2_000)), limits);
            }
        })));

        Assert.InRange(cache.Bytes, 1, limits.MaxSize);
        Assert.Equal(cache.Bytes, Enumerable.Range(0, 200).Sum(i => cache.Find(Key(i), limits)?.Size ?? 0));
    }

    private static CacheKey Key(int number) => new((UInt128)number, 7);

    private CachedAnswer Answer(int number, int bytes) => new(Key(number), new byte[bytes], "application/json", s_model, changes: null, _clock.GetTimestamp());
}
