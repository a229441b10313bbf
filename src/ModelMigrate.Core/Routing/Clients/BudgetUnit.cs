namespace ModelMigrate.Core.Routing.Clients;

/// <summary>What a budget is measured in.</summary>
public enum BudgetUnit
{
    /// <summary>Input and output tokens together.</summary>
    Tokens,

    /// <summary>US dollars by catalog prices.</summary>
    Cost,
}
