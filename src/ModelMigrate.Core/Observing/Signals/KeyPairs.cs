using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Observing.Signals;

/// <summary>The pairs of one score whose target request carried one sticky key.</summary>
public sealed record KeyPairs(ulong Key)
{
    [JsonConverter(typeof(PairTableConverter))]
    public required PairTable Table { get; init; }
}
