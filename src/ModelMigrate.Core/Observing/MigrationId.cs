namespace ModelMigrate.Core.Observing;

/// <summary>A migration's name; reads <c>MIG-…</c>.</summary>
public readonly record struct MigrationId(string Value)
{
    public override string ToString() => Value;
}
