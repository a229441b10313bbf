using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelMigrate.Tests.Gateway.Translation.Trips;

/// <summary>JSON in which a string that begins with ARGS stands for JSON written as it is, white space and all.</summary>
internal static class RawJson
{
    private const string Mark = "ARGS";

    public static string Of(JsonNode? node) => node switch
    {
        JsonObject group => $"{{{string.Join(',', group.Select(p => $"{JsonSerializer.Serialize(p.Key)}:{Of(p.Value)}"))}}}",
        JsonArray list => $"[{string.Join(',', list.Select(Of))}]",
        null => "null",
        _ when node.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is var text && text.StartsWith(Mark, StringComparison.Ordinal) => text[Mark.Length..],
        _ => node.ToJsonString(),
    };
}
