using System.Text.Json;

namespace ModelMigrate.Core.Chat.Parts;

/// <summary>The model asks for a tool to be run.</summary>
/// <param name="Id">Ties the result to the call.</param>
/// <param name="Name">Which tool.</param>
/// <param name="Arguments">JSON text, as the model wrote it: it need not be valid, and may be empty.</param>
public sealed record ToolCallPart(string Id, string Name, string Arguments) : ChatPart
{
    /// <summary>
    /// The arguments as a JSON object, for protocols that have them as one. Text that is none becomes the object's one member
    /// <c>arguments</c>: refused for a model's slip, a conversation would be refused at every further turn.
    /// </summary>
    public string ArgumentsObject(out bool isExact)
    {
        isExact = true;
        if (string.IsNullOrWhiteSpace(Arguments))
        {
            return "{}";
        }

        try
        {
            using var parsed = JsonDocument.Parse(Arguments);
            if (parsed.RootElement.ValueKind == JsonValueKind.Object)
            {
                return Arguments;
            }
        }
        catch (JsonException)
        {
            // A model's slip; below.
        }

        isExact = false;
        return $"{{\"arguments\":\"{JsonEncodedText.Encode(Arguments)}\"}}";
    }
}
