using System.Runtime.InteropServices;

namespace ModelMigrate.Gateway.Limits.Budgets;

/// <summary>What one request has set aside of one budget. Settled exactly once.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BudgetReservation(BudgetAccount Account, decimal Amount, DateOnly Period)
{
    public void Settle(decimal spent) => Account.Settle(Amount, spent, Period);
}
