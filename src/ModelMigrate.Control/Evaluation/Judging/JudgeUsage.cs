namespace ModelMigrate.Control.Evaluation.Judging;

/// <summary>What judging costs, apart from the answers that are judged. Owns its sums; a call reserves what it may cost at most and settles what it did.</summary>
/// <param name="mostDollars">US dollars; null for no limit.</param>
public sealed class JudgeUsage(decimal? mostDollars)
{
    private readonly Lock _lock = new();
    private readonly SortedSet<string> _versions = new(StringComparer.Ordinal);
    private decimal _taken;
    private decimal? _cost = 0;
    private bool _isReached;
    private long _calls;
    private long _retries;
    private long _malformed;
    private long _inputTokens;
    private long _outputTokens;

    /// <summary>Whether the limit kept a call from being made.</summary>
    public bool IsReached
    {
        get
        {
            lock (_lock)
            {
                return _isReached;
            }
        }
    }

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
    internal bool TryReserve(decimal dollars)
    {
        lock (_lock)
        {
            _isReached |= mostDollars is { } most && _taken + dollars > most;
            _taken += _isReached ? 0 : dollars;
            return !_isReached;
        }
    }

    /// <summary>One call is over. <paramref name="cost"/> null: nobody knows what it cost, nor from then on the sum; against the limit it counts as what was reserved.</summary>
    internal void Settle(decimal reserved, decimal? cost, long inputTokens, long outputTokens, string? version)
    {
        lock (_lock)
        {
            _taken += (cost ?? reserved) - reserved;
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
