namespace ModelMigrate.Core.Routing.Clients;

/// <summary>When a budget begins anew: at midnight UTC, of every day or of every month's first.</summary>
public enum BudgetPeriod
{
    Day,
    Month,
}
