using ModelMigrate.Benchmarks.Rollouts.Traffic;
using ModelMigrate.Core.Observing;

namespace ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;

/// <summary>What one arm's requests that ended in one slice came to: what a metrics system would have scraped.</summary>
internal sealed class ArmSlice
{
    private const int Buckets = 160;
    private const double Least = 0.01;
    private const double Step = 0.05;

    private readonly Moments[] _channels = new Moments[Enum.GetValues<Channel>().Length];
    private readonly int[] _latency = new int[Buckets];

    public ref readonly Moments this[Channel channel] => ref _channels[(int)channel];

    public void Clear()
    {
        Array.Clear(_channels);
        Array.Clear(_latency);
    }

    public void Add(in Answer answer)
    {
        _channels[(int)Channel.Errors].Add(answer.IsFailure ? 1 : 0);
        if (answer.IsFailure && answer.Outcome != Outcome.Timeout)
        {
            return;
        }

        var log = Math.Log(answer.Latency);
        var first = double.IsNaN(answer.FirstToken) ? answer.Latency : answer.FirstToken;
        _channels[(int)Channel.Seconds].Add(answer.Latency);
        _channels[(int)Channel.LogTotal].Add(log);
        _channels[(int)Channel.LogFirst].Add(Math.Log(first));
        _channels[(int)Channel.FirstSeconds].Add(first);
        _latency[Math.Clamp((int)((log - Math.Log(Least)) / Step), 0, Buckets - 1)]++;
        if (answer.Outcome == Outcome.Ok)
        {
            _channels[(int)Channel.Quality].Add(answer.Quality);
            _channels[(int)Channel.Cost].Add(answer.Cost);
        }
    }

    public void Add(ArmSlice other)
    {
        for (var i = 0; i < _channels.Length; i++)
        {
            _channels[i].Add(other._channels[i]);
        }

        for (var i = 0; i < Buckets; i++)
        {
            _latency[i] += other._latency[i];
        }
    }

    /// <summary>The latency's quantile in seconds, to within 5 %; not a number without answers.</summary>
    public double Quantile(double quantile)
    {
        var rank = (int)Math.Ceiling(quantile * this[Channel.Seconds].N);
        for (var i = 0; rank > 0 && i < Buckets; i++)
        {
            rank -= _latency[i];
            if (rank <= 0)
            {
                return Least * Math.Exp((i + 0.5) * Step);
            }
        }

        return double.NaN;
    }
}
