namespace ModelMigrate.Core.Catalog;

/// <summary>The name under which the configuration knows a provider, for example <c>openai</c>.</summary>
public readonly record struct ProviderId(string Value)
{
    public override string ToString() => Value;
}
