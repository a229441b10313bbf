namespace ModelMigrate.Core.Routing;

/// <summary>The model name that clients ask for.</summary>
public readonly record struct RouteId(string Value)
{
    public override string ToString() => Value;
}
