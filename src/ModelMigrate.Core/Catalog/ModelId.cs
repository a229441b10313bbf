namespace ModelMigrate.Core.Catalog;

/// <summary>The name under which the configuration knows a model, for example <c>gpt-4o</c>.</summary>
public readonly record struct ModelId(string Value)
{
    public override string ToString() => Value;
}
