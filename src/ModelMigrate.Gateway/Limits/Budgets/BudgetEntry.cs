using ModelMigrate.Core.Routing.Clients;

namespace ModelMigrate.Gateway.Limits.Budgets;

/// <summary>One line of the budgets' file.</summary>
/// <param name="Owner"><c>client/NAME</c> or <c>route/NAME</c>.</param>
/// <param name="Per">The budget's period.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="From">The first day of the period.</param>
/// <param name="Spent">At least what was spent in it when the line was written.</param>
internal sealed record BudgetEntry(string Owner, BudgetPeriod Per, BudgetUnit Unit, DateOnly From, decimal Spent);
