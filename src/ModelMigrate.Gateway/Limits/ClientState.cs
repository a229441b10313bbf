using ModelMigrate.Core.Routing.Clients;
using ModelMigrate.Gateway.Ingress.Refusing;

namespace ModelMigrate.Gateway.Limits;

/// <summary>What one client has under way and took in the last minute. It outlives reloads, whatever they change of its limits. Thread-safe.</summary>
internal sealed class ClientState(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private readonly MinuteWindow _requests = new();
    private readonly MinuteWindow _tokens = new();
    private int _running;

    /// <summary>A second's number; slices are never negative.</summary>
    private long Second => 1 + (long)time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Takes a request's place and its tokens' worth of both rates, or says in <paramref name="problem"/> which limit forbids it.</summary>
    public bool TryEnter(ClientLimits limits, long tokens, out long second, out RequestProblem problem)
    {
        lock (_gate)
        {
            second = Second;
            problem = Problem_NeedsLock(limits, tokens, second) ?? default;
            if (problem.Status != 0)
            {
                return false;
            }

            _running++;
            _requests.Add(second, 1);
            _tokens.Add(second, tokens);
            return true;
        }
    }

    /// <summary>The request ended: what it took beyond its reservation counts now, what it did not take is given back.</summary>
    public void Leave(long second, long reserved, long taken)
    {
        lock (_gate)
        {
            _running--;
            _tokens.Add(taken > reserved ? Second : second, taken - reserved);
        }
    }

    /// <summary>As if the request had never come.</summary>
    public void Undo(long second, long reserved)
    {
        lock (_gate)
        {
            _running--;
            _requests.Add(second, -1);
            _tokens.Add(second, -reserved);
        }
    }

    public RateState? Requests(ClientLimits limits) => State(_requests, limits.RequestsPerMinute);

    public RateState? Tokens(ClientLimits limits) => State(_tokens, limits.TokensPerMinute);

    private RateState? State(MinuteWindow window, int? limit)
    {
        if (limit is not { } most)
        {
            return null;
        }

        lock (_gate)
        {
            var second = Second;
            return new RateState(most, Math.Max(0, most - window.Sum(second)), TimeSpan.FromSeconds(window.SecondsUntil(second, 0)));
        }
    }

    private RequestProblem? Problem_NeedsLock(ClientLimits limits, long tokens, long second)
    {
        if (_running >= limits.MaxConcurrent)
        {
            return RequestProblem.Limited(
                "max_concurrent", $"This key already has {limits.MaxConcurrent} requests under way. Try again.", TimeSpan.FromSeconds(1));
        }

        if (limits.RequestsPerMinute is { } requests && _requests.Sum(second) >= requests)
        {
            return RequestProblem.Limited(
                "requests_per_minute", $"This key may send {requests} requests a minute.", TimeSpan.FromSeconds(_requests.SecondsUntil(second, requests - 1)));
        }

        if (limits.TokensPerMinute is not { } most || _tokens.Sum(second) + tokens <= most)
        {
            return null;
        }

        return tokens > most
            ? RequestProblem.Invalid(
                "above_tokens_per_minute", $"The request asks for about {tokens} tokens, answer included; this key may take {most} a minute. Send less, or ask for a shorter answer.")
            : RequestProblem.Limited(
                "tokens_per_minute", $"This key may take {most} tokens a minute.", TimeSpan.FromSeconds(_tokens.SecondsUntil(second, most - tokens)));
    }
}
