namespace ModelMigrate.Core.Checks.Schemas.Reading;

/// <summary>How a resource's keywords are read: its draft, and whether its metaschema leaves the validating ones out or makes formats hold.</summary>
internal sealed record Dialect(SchemaDraft Draft, bool Validates = true, bool AssertsFormat = false);
