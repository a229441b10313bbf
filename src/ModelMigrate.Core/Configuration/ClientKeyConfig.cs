namespace ModelMigrate.Core.Configuration;

/// <summary>One client that may call the gateway, known by the hash of its key.</summary>
/// <param name="Name">For logs and metrics.</param>
/// <param name="Sha256">SHA-256 of the key's UTF-8 bytes, lower-case hex.</param>
public sealed record ClientKeyConfig(string Name, string Sha256);
