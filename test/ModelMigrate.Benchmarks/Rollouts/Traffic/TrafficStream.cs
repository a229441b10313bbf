using System.Text;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Benchmarks.Rollouts.Traffic;

/// <summary>The requests of one repetition, drawn as far as somebody asks, and where each key's bucket lies. Used again for the next repetition.</summary>
internal sealed class TrafficStream
{
    private static readonly Dictionary<int, (byte[][] Names, ulong[] Identities)> s_keys = [];

    private readonly List<Arrival> _arrivals = [];
    private SeededDraws _draws = null!;
    private Scenario _scenario = null!;
    private double _rate;
    private double _at;
    private int[] _buckets = [];
    private ulong[] _identities = [];

    public List<Arrival> Arrivals => _arrivals;

    /// <summary>Begins the repetition <paramref name="seed"/>.</summary>
    public void Begin(Scenario scenario, double rate, uint seed)
    {
        _scenario = scenario;
        _rate = rate * scenario.MostLoad;
        _draws = new SeededDraws(((ulong)seed << 32) ^ (ulong)(rate * 1000));
        _at = 0;
        _arrivals.Clear();
        var (names, identities) = Keys(scenario.Keys);
        _identities = identities;
        Array.Resize(ref _buckets, names.Length);
        for (var i = 0; i < names.Length; i++)
        {
            _buckets[i] = Bucketing.Bucket(names[i], seed);
        }
    }

    /// <summary>The key's place in parts per million.</summary>
    public int BucketOf(int key) => _buckets[key];

    public ulong IdentityOf(int key) => _identities[key];

    /// <summary>Draws on until <paramref name="second"/>: a Poisson process, thinned to the load of the moment.</summary>
    public void EnsureUntil(double second)
    {
        while (_at < second)
        {
            _at += _draws.Gap(1) / _rate;
            var kept = _draws.Share() * _scenario.MostLoad < _scenario.Load(_at);
            if (!kept)
            {
                continue;
            }

            var heavy = _scenario.HeavyShare > 0 && _draws.Share() < _scenario.HeavyShare;
            var keys = heavy ? _scenario.HeavyKeys : _scenario.Keys;
            _arrivals.Add(new Arrival
            {
                At = _at,
                Key = (int)(_draws.Share() * keys),
                Fate = (float)_draws.Share(),
                Tail = (float)_draws.Share(),
                Total = (float)_draws.Normal(),
                First = (float)_draws.Normal(),
                Prompt = (float)_draws.Normal(),
                Answer = (float)_draws.Normal(),
                Pipeline = (float)_draws.Share(),
            });
        }
    }

    private static (byte[][] Names, ulong[] Identities) Keys(int count)
    {
        lock (s_keys)
        {
            if (!s_keys.TryGetValue(count, out var keys))
            {
                var names = Enumerable.Range(0, count).Select(i => Encoding.UTF8.GetBytes($"user-{i}")).ToArray();
                keys = (names, [.. names.Select(n => Bucketing.Identity(n))]);
                s_keys.Add(count, keys);
            }

            return keys;
        }
    }
}
