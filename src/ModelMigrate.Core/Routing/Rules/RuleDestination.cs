namespace ModelMigrate.Core.Routing.Rules;

/// <summary>Where a rule sends what it matches.</summary>
public enum RuleDestination
{
    /// <summary>The source of a running migration, else the route's model.</summary>
    Source,

    /// <summary>The target of a running migration, within its exposure budget; without one, the route's model.</summary>
    Target,

    /// <summary>A model that the rule names.</summary>
    Model,
}
