using ModelMigrate.Core.Routing.Clients;

namespace ModelMigrate.Gateway.Limits.Budgets;

/// <summary>
/// What was spent of one budget in its period, and what running requests have reserved of it. Reserving and spending are decided in here,
/// under one lock, so that requests at once never reserve more than is there. Before anything is reserved beyond what is written down, more is
/// written down: a process that dies is found to have spent at least what it spent.
/// </summary>
internal sealed class BudgetAccount(string owner, BudgetPeriod per, BudgetUnit unit, BudgetLog log)
{
    /// <summary>What is written down ahead of need, as a part of the budget: the most that a crash forfeits beside what was running.</summary>
    public const decimal Ahead = 0.01m;

    private readonly Lock _gate = new();
    private DateOnly _from;
    private decimal _spent;
    private decimal _reserved;
    private decimal _written;
    private decimal _limit;

    public string Owner => owner;

    public BudgetPeriod Per => per;

    public BudgetUnit Unit => unit;

    /// <summary>Spent of the budget as it was last asked for: 1 is all of it.</summary>
    public double Used
    {
        get
        {
            lock (_gate)
            {
                return _limit == 0 ? 0 : (double)(_spent / _limit);
            }
        }
    }

    /// <summary>What was spent in the period that began then, as read back after a restart.</summary>
    public void Restore(DateOnly from, decimal spent)
    {
        lock (_gate)
        {
            (_from, _spent, _written) = (from, spent, spent);
        }
    }

    /// <summary>Sets an amount aside; false when less than that is left. Ends with <see cref="Settle"/> for the same period.</summary>
    public bool TryReserve(decimal limit, decimal amount, DateOnly period)
    {
        lock (_gate)
        {
            if (period > _from)
            {
                (_from, _spent, _reserved, _written) = (period, 0, 0, 0);
            }

            _limit = limit;
            if (_spent + _reserved + amount > limit)
            {
                return false;
            }

            _reserved += amount;
            WriteAhead_NeedsLock();
            return true;
        }
    }

    /// <summary>What was reserved has come to <paramref name="spent"/>.</summary>
    public void Settle(decimal reserved, decimal spent, DateOnly period)
    {
        lock (_gate)
        {
            // What began before the period did was that period's.
            if (period != _from)
            {
                return;
            }

            _reserved -= reserved;
            _spent += spent;
            WriteAhead_NeedsLock();
            if (_written - _spent - _reserved > 4 * Ahead * _limit)
            {
                Write_NeedsLock();
            }
        }
    }

    /// <summary>Writes down what was spent, and no more: the process ends in peace.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_written != _spent + _reserved)
            {
                _written = _spent + _reserved;
                log.Write(new BudgetEntry(owner, per, unit, _from, _written));
            }
        }
    }

    private void WriteAhead_NeedsLock()
    {
        if (_spent + _reserved > _written)
        {
            Write_NeedsLock();
        }
    }

    private void Write_NeedsLock()
    {
        _written = _spent + _reserved + (Ahead * _limit);
        log.Write(new BudgetEntry(owner, per, unit, _from, _written));
    }
}
