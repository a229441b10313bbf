using System.Text.Json;

namespace ModelMigrate.Core.Checks.Schemas.Values;

/// <summary>Whether two JSON values are the same: 1 and 1.0 are, whatever the order of an object's members.</summary>
internal sealed class JsonEquality : IEqualityComparer<JsonElement>
{
    public static JsonEquality Instance { get; } = new();

    public bool Equals(JsonElement x, JsonElement y)
    {
        if (x.ValueKind != y.ValueKind)
        {
            return false;
        }

        return x.ValueKind switch
        {
            JsonValueKind.String => string.Equals(x.GetString(), y.GetString(), StringComparison.Ordinal),
            JsonValueKind.Number => JsonNumber.Of(x) == JsonNumber.Of(y),
            JsonValueKind.Array => x.GetArrayLength() == y.GetArrayLength() && x.EnumerateArray().SequenceEqual(y.EnumerateArray(), this),
            JsonValueKind.Object => SameMembers(x, y),
            _ => true,
        };
    }

    public int GetHashCode(JsonElement obj)
    {
        var hash = new HashCode();
        hash.Add(obj.ValueKind);
        switch (obj.ValueKind)
        {
            case JsonValueKind.String:
                hash.Add(obj.GetString(), StringComparer.Ordinal);
                break;
            case JsonValueKind.Number:
                hash.Add(JsonNumber.Of(obj));
                break;
            case JsonValueKind.Array:
                foreach (var item in obj.EnumerateArray())
                {
                    hash.Add(GetHashCode(item));
                }

                break;
            case JsonValueKind.Object:
                var members = 0;
                foreach (var member in Members(obj))
                {
                    members ^= HashCode.Combine(StringComparer.Ordinal.GetHashCode(member.Key), GetHashCode(member.Value));
                }

                hash.Add(members);
                break;
        }

        return hash.ToHashCode();
    }

    private bool SameMembers(JsonElement x, JsonElement y)
    {
        var (left, right) = (Members(x), Members(y));
        return left.Count == right.Count && left.All(member => right.TryGetValue(member.Key, out var other) && Equals(member.Value, other));
    }

    /// <summary>Of a name that stands twice, the last holds.</summary>
    private static Dictionary<string, JsonElement> Members(JsonElement json)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        return members;
    }
}
