using System.Text;
using System.Text.Json.Nodes;
using ModelMigrate.Tests.Providers;

namespace ModelMigrate.Tests.Gateway.Fuzzing;

/// <summary>What may be the matter with a body that travelled: parts of its JSON replaced, bytes lost, doubled, flipped or made up.</summary>
internal static class Mutation
{
    private static readonly string[] s_values =
    [
        "null", "true", "0", "-1", "1e400", "1.5", "99999999999999999999", "\"\"", "\"text\"", "\"auto\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[1]", "[{}]",
        "[[]]", "{\"type\":\"text\"}", "{\"type\":7}", "{\"a\":1,\"a\":2}",
    ];

    /// <summary>A body with one to three parts of its JSON replaced by values that were not meant there.</summary>
    public static string OfJson(string body, Random random)
    {
        var root = JsonNode.Parse(body)!;
        var all = Nodes(root).ToList();
        var text = root.ToJsonString();
        for (var times = random.Next(1, 4); times > 0 && all.Count > 0; times--)
        {
            var old = all[random.Next(all.Count)].ToJsonString();
            var at = text.IndexOf(old, StringComparison.Ordinal);
            text = at < 0 ? text : text[..at] + s_values[random.Next(s_values.Length)] + text[(at + old.Length)..];
        }

        return text;
    }

    /// <summary>Bytes of which a part was lost, doubled, flipped, made up, or moved; sometimes as they were.</summary>
    public static byte[] OfBytes(byte[] bytes, Random random)
    {
        if (bytes.Length < 4)
        {
            return bytes;
        }

        var at = random.Next(bytes.Length);
        var length = random.Next(1, Math.Min(bytes.Length - at, 1 << random.Next(8)) + 1);
        switch (random.Next(8))
        {
            case 0:
                var flipped = (byte[])bytes.Clone();
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 2:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 3:
                var made = new byte[length];
                random.NextBytes(made);
                return [.. bytes[..at], .. made, .. bytes[at..]];
            case 4:
                return bytes[..at];
            case 5:
                return [.. bytes[..at], .. Encoding.UTF8.GetBytes(new string("[{\""[random.Next(3)], 200)), .. bytes[at..]];
            case 6:
                var to = random.Next(bytes.Length);
                return [.. bytes[..to], .. bytes[at..(at + length)], .. bytes[to..]];
            default:
                return bytes;
        }
    }

    /// <summary>A stream of which events were dropped, doubled, swapped or changed.</summary>
    public static byte[] OfEvents(IReadOnlyList<string> events, Random random) => Bytes(Encoding.UTF8.GetBytes(string.Concat(Changed(events, random))), random);

    /// <summary>The same of a binary stream, whose events are given as type and payload; now and then one is said to be an exception.</summary>
    public static byte[] OfFrames(IReadOnlyList<string> events, Random random)
    {
        byte[] Frame(string text)
        {
            var at = text.IndexOf(' ', StringComparison.Ordinal);
            return EventStreamTests.Encode(text[..at], Encoding.UTF8.GetBytes(text[(at + 1)..].TrimEnd()), random.Next(30) == 0 ? "exception" : "event");
        }

        return Bytes([.. Changed(events, random).SelectMany(Frame)], random);
    }

    private static byte[] Bytes(byte[] bytes, Random random) => random.Next(3) == 0 ? OfBytes(bytes, random) : bytes;

    private static List<string> Changed(IReadOnlyList<string> events, Random random)
    {
        var kept = events.ToList();
        for (var times = random.Next(1, 4); times > 0 && kept.Count > 0; times--)
        {
            var at = random.Next(kept.Count);
            switch (random.Next(5))
            {
                case 0:
                    kept.RemoveAt(at);
                    break;
                case 1:
                    kept.Insert(at, kept[at]);
                    break;
                case 2:
                    var other = random.Next(kept.Count);
                    (kept[at], kept[other]) = (kept[other], kept[at]);
                    break;
                default:
                    var brace = kept[at].IndexOf('{', StringComparison.Ordinal);
                    kept[at] = brace < 0 ? kept[at] : kept[at][..brace] + OfJsonOrSelf(kept[at][brace..].TrimEnd(), random) + "\n\n";
                    break;
            }
        }

        return kept;
    }

    private static string OfJsonOrSelf(string json, Random random)
    {
        try
        {
            return OfJson(json, random);
        }
        catch (System.Text.Json.JsonException)
        {
            return json;
        }
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode node) => (node switch
    {
        JsonObject group => group.Select(p => p.Value),
        JsonArray list => list,
        _ => [],
    }).OfType<JsonNode>().SelectMany(child => Nodes(child).Prepend(child));
}
