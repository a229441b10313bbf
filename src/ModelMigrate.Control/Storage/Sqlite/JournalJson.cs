using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Control.Storage.Sqlite;

/// <summary>Specifications and states as the journal keeps them.</summary>
[JsonSerializable(typeof(RolloutSpec))]
[JsonSerializable(typeof(RolloutState))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    public static JournalJson Stored { get; } = new(StoredJson.Options());

    public static string Text(RolloutSpec spec) => JsonSerializer.Serialize(spec, Stored.RolloutSpec);

    public static string Text(RolloutState state) => JsonSerializer.Serialize(state, Stored.RolloutState);

    /// <summary>Names a specification by its content: 16 hex digits of the SHA-256 of its JSON.</summary>
    public static string Hash(RolloutSpec spec) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(spec, Stored.RolloutSpec)))[..16];
}
