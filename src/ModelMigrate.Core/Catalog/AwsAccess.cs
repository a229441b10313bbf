namespace ModelMigrate.Core.Catalog;

/// <summary>Credentials that sign requests to AWS.</summary>
/// <param name="Region">For example <c>us-east-1</c>.</param>
/// <param name="KeyId">Names the secret; sent openly.</param>
/// <param name="Key">Signs, and is never sent.</param>
/// <param name="Session">Goes with temporary credentials, or null.</param>
public sealed record AwsAccess(string Region, string KeyId, Secret Key, Secret? Session);
