using System.Globalization;
using System.Text.Json;

namespace ModelMigrate.Core.Checks.Schemas.Values;

/// <summary>JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    public static string Escape(string name) =>
        name.AsSpan().IndexOfAny('~', '/') < 0 ? name : name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    public static string Unescape(string step) => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    /// <summary>The value that a pointer leads to.</summary>
    public static bool TryFind(JsonElement root, string pointer, out JsonElement found)
    {
        found = root;
        foreach (var step in pointer.Split('/').Skip(1))
        {
            var name = Unescape(step);
            if (found.ValueKind == JsonValueKind.Object && found.TryGetProperty(name, out var member))
            {
                found = member;
            }
            else if (found.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < found.GetArrayLength())
            {
                found = found[index];
            }
            else
            {
                return false;
            }
        }

        return pointer.Length == 0 || pointer[0] == '/';
    }
}
