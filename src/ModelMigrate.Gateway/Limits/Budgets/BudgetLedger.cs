using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ModelMigrate.Core.Routing.Clients;

namespace ModelMigrate.Gateway.Limits.Budgets;

/// <summary>The accounts of all budgets. They outlive reloads: a budget that is raised or lowered keeps what was spent of it.</summary>
public sealed class BudgetLedger : IDisposable
{
    private readonly ConcurrentDictionary<(string Owner, BudgetPeriod Per, BudgetUnit Unit), BudgetAccount> _accounts = new();
    private readonly BudgetLog _log;
    private readonly TimeProvider _time;

    public BudgetLedger(TimeProvider time, ILogger<BudgetLedger> logger) => (_time, _log) = (time, new BudgetLog(logger));

    internal bool IsStored => _log.IsUp;

    internal IEnumerable<BudgetAccount> Accounts => _accounts.Values;

    /// <summary>Takes up what an earlier process spent, and writes down from now on. Before the first request; one process has one file.</summary>
    public void Open(string file)
    {
        foreach (var entry in _log.Open(file))
        {
            AccountOf(entry.Owner, entry.Per, entry.Unit).Restore(entry.From, entry.Spent);
        }
    }

    /// <summary>Sets an amount of a budget aside, or answers null when less is left.</summary>
    internal BudgetReservation? TryReserve(string owner, Budget budget, decimal amount)
    {
        var account = AccountOf(owner, budget.Per, budget.Unit);
        var period = Budget.Begin(budget.Per, _time.GetUtcNow());
        return account.TryReserve(budget.Limit, amount, period) ? new BudgetReservation(account, amount, period) : null;
    }

    /// <summary>How long until a budget begins anew.</summary>
    internal TimeSpan UntilEnd(Budget budget)
    {
        var now = _time.GetUtcNow();
        return Budget.End(budget.Per, now) - now;
    }

    public void Dispose()
    {
        foreach (var account in _accounts.Values)
        {
            account.Close();
        }

        _log.Dispose();
    }

    private BudgetAccount AccountOf(string owner, BudgetPeriod per, BudgetUnit unit) =>
        _accounts.TryGetValue((owner, per, unit), out var known)
            ? known
            : _accounts.GetOrAdd((owner, per, unit), static (key, log) => new BudgetAccount(key.Owner, key.Per, key.Unit, log), _log);
}
