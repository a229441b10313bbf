using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Where a model is asked, in which protocol, and with what.</summary>
/// <param name="Kind">The entry of the bundled table whose protocol it is asked in.</param>
/// <param name="Model">What that protocol calls it.</param>
/// <param name="BaseUrl">Where the protocol's paths begin; null for the provider's own.</param>
/// <param name="Key">Sent with each request; null for none.</param>
/// <param name="IsPriced">Whether the bundled table's prices hold there.</param>
internal sealed record ModelAccess(string Kind, string Model, Uri? BaseUrl, string? Key, bool IsPriced)
{
    public string? ApiVersion { get; init; }

    public AwsAccess? Aws { get; init; }

    public GoogleAccess? Google { get; init; }
}
