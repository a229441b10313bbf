namespace ModelMigrate.Control.Evaluation.Asking;

/// <summary>The most that a run may cost: each call reserves what it may cost at most before it is asked, and settles what it did cost. Owns the sum.</summary>
/// <param name="most">US dollars; null for no limit.</param>
public sealed class CostLimit(decimal? most)
{
    private readonly Lock _lock = new();
    private decimal _taken;
    private bool _isClosed;

    /// <summary>Whether a call did not fit.</summary>
    public bool IsReached
    {
        get
        {
            lock (_lock)
            {
                return _isClosed;
            }
        }
    }

    /// <summary>Reserves dollars. Once a call does not fit, none fits any more: a run leaves off at one place.</summary>
    public bool TryReserve(decimal dollars)
    {
        lock (_lock)
        {
            _isClosed |= most is { } limit && _taken + dollars > limit;
            _taken += _isClosed ? 0 : dollars;
            return !_isClosed;
        }
    }

    /// <summary>Puts what a call did cost in place of what it had reserved.</summary>
    public void Settle(decimal reserved, decimal cost)
    {
        lock (_lock)
        {
            _taken += cost - reserved;
        }
    }
}
