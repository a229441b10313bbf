using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ModelMigrate.Commands.Keys;

/// <summary>A client key just made: 256 random bits, so that a plain SHA-256 of it can be kept; there is nothing to guess.</summary>
internal sealed record NewKey(string Name, string Key, string Sha256)
{
    private const string Prefix = "mm-";
    private const int Bytes = 32;

    /// <summary>The name as YAML reads it whatever it holds.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Quoted => Name.All(static c => char.IsAsciiLetter(c) || c is '-') ? Name : JsonSerializer.Serialize(Name);

    public static NewKey Make(string name)
    {
        var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        return new NewKey(name, key, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
    }
}
