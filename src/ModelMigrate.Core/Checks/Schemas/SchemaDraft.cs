namespace ModelMigrate.Core.Checks.Schemas;

/// <summary>Which edition of JSON Schema a schema is written in.</summary>
public enum SchemaDraft
{
    Draft7,
    Draft202012,
}
