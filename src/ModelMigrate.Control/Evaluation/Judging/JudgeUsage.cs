using ModelMigrate.Control.Evaluation.Asking;

namespace ModelMigrate.Control.Evaluation.Judging;

/// <summary>What judging costs, apart from the answers that are judged. Owns its sums; a call reserves what it may cost at most and settles what it did.</summary>
/// <param name="limit">Of all that share it.</param>
public sealed class JudgeUsage(CostLimit limit)
{
    private readonly Lock _lock = new();
    private readonly SortedSet<string> _versions = new(StringComparer.Ordinal);
    private decimal? _cost = 0;
    private long _calls;
    private long _retries;
    private long _malformed;
    private long _inputTokens;
    private long _outputTokens;

    /// <summary>Whether the limit kept a call from being made.</summary>
    public bool IsReached => limit.IsReached;

    /// <summary>The sums so far.</summary>
    public JudgeCost Cost
    {
        get
        {
            lock (_lock)
            {
                return new JudgeCost(_calls, _retries, _malformed, _inputTokens, _outputTokens, _cost, [.. _versions]);
            }
        }
    }

    /// <summary>Reserves dollars. Once a call does not fit none does any more, so that a run leaves off at one place.</summary>
    internal bool TryReserve(decimal dollars) => limit.TryReserve(dollars);

    /// <summary>One call is over. <paramref name="cost"/> null: nobody knows what it cost, nor from then on the sum; against the limit it counts as what was reserved.</summary>
    internal void Settle(decimal reserved, decimal? cost, long inputTokens, long outputTokens, string? version)
    {
        limit.Settle(reserved, cost ?? reserved);
        lock (_lock)
        {
            _cost += cost;
            _calls++;
            _inputTokens += inputTokens;
            _outputTokens += outputTokens;
            if (version is { Length: > 0 })
            {
                _versions.Add(version);
            }
        }
    }

    internal void Retried()
    {
        lock (_lock)
        {
            _retries++;
        }
    }

    internal void SawMalformed()
    {
        lock (_lock)
        {
            _malformed++;
        }
    }
}
