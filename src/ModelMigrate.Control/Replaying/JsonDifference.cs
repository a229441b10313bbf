using System.Text.Json;

namespace ModelMigrate.Control.Replaying;

/// <summary>Finds where two JSON values differ by more than the last digits of a number.</summary>
internal static class JsonDifference
{
    private const double Tolerance = 1e-9;

    /// <summary>The first place where they differ, or null when they agree within 1e-9.</summary>
    public static string? Find(JsonElement a, JsonElement b, string path)
    {
        if (a.ValueKind != b.ValueKind)
        {
            return Say(path, a, b);
        }

        switch (a.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var name in a.EnumerateObject().Select(item => item.Name).Union(b.EnumerateObject().Select(item => item.Name), StringComparer.Ordinal))
                {
                    var (left, right) = (a.TryGetProperty(name, out var x), b.TryGetProperty(name, out var y));
                    if (left != right)
                    {
                        return $"{path}.{name} is only on one side";
                    }

                    if (Find(x, y, $"{path}.{name}") is { } found)
                    {
                        return found;
                    }
                }

                return null;
            case JsonValueKind.Array:
                if (a.GetArrayLength() != b.GetArrayLength())
                {
                    return $"{path} has {a.GetArrayLength()} items against {b.GetArrayLength()}";
                }

                for (var i = 0; i < a.GetArrayLength(); i++)
                {
                    if (Find(a[i], b[i], $"{path}[{i}]") is { } found)
                    {
                        return found;
                    }
                }

                return null;
            case JsonValueKind.Number:
                var (first, second) = (a.GetDouble(), b.GetDouble());
                return Math.Abs(first - second) <= Tolerance * Math.Max(1, Math.Max(Math.Abs(first), Math.Abs(second))) ? null : Say(path, a, b);
            default:
                return a.GetRawText() == b.GetRawText() || a.ToString() == b.ToString() ? null : Say(path, a, b);
        }
    }

    private static string Say(string path, JsonElement a, JsonElement b) => $"{path} is {a.GetRawText()} in the journal and {b.GetRawText()} now";
}
