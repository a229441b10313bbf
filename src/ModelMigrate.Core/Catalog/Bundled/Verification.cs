namespace ModelMigrate.Core.Catalog.Bundled;

/// <summary>Something that an adapter was held against.</summary>
/// <param name="By">How good a witness it is.</param>
/// <param name="What">In words.</param>
/// <param name="Test">The test class that holds it, so that the claim can be run.</param>
public sealed record Verification(VerifiedBy By, string What, string Test);
