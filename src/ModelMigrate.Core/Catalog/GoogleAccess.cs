namespace ModelMigrate.Core.Catalog;

/// <summary>Whose tokens of Google Cloud go with requests.</summary>
/// <param name="Credentials">The JSON that Google's tools write: of a service account, a user, or one that they stand for; null for the machine's default.</param>
public sealed record GoogleAccess(Secret? Credentials);
