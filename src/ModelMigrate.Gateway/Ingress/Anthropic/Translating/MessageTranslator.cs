using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.Anthropic.Translating;

/// <summary>Reads <c>system</c> and <c>messages</c>.</summary>
internal sealed class MessageTranslator(FieldReader fields)
{
    private readonly PartTranslator _parts = new(fields);

    public List<TextPart> System { get; } = [];

    public List<ChatTurn> Turns { get; } = [];

    public void Read(JsonElement root)
    {
        if (FieldReader.Has(root, "system", out var system))
        {
            if (_parts.Read(system, "system") is { } texts && texts.TrueForAll(part => part is TextPart))
            {
                System.AddRange(texts.Cast<TextPart>());
            }
            else
            {
                fields.Fail("system", "must be a string or an array of text blocks");
            }
        }

        var at = 0;
        foreach (var message in root.GetProperty("messages"u8).EnumerateArray())
        {
            ReadMessage(message, $"messages[{at++}]");
        }

        if (Turns.TrueForAll(turn => turn.Role == ChatRole.System))
        {
            fields.Fail("messages", "must hold at least one message of the user or the assistant");
        }
    }

    private void ReadMessage(JsonElement message, string at)
    {
        ChatRole? role = fields.Required(message, "role", at + ".role") switch
        {
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "system" => ChatRole.System,
            _ => null,
        };
        if (role is null)
        {
            fields.Fail(at + ".role", "must be user or assistant");
        }
        else if (message.TryGetProperty("content"u8, out var content) && _parts.Read(content, at + ".content") is { } parts)
        {
            Turns.Add(new ChatTurn(role.Value, parts));
        }
        else
        {
            fields.Fail(at + ".content", "must be a string or an array of content blocks");
        }
    }
}
