using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>
/// Writes system and messages. The protocol wants all results of one turn's tool calls in the one message that follows it, so
/// consecutive turns of a role become one message; it refuses empty texts, and messages without content.
/// </summary>
internal sealed class AnthropicMessageWriter(Utf8JsonWriter json, ModelSnapshot model, ChangeList changes)
{
    private readonly AnthropicPartWriter _parts = new(json, model, changes);

    public void Write(ChatRequest request)
    {
        WriteSystem(request);
        json.WriteStartArray("messages"u8);
        ChatRole? open = null;
        foreach (var turn in request.Turns)
        {
            if (turn.Name is not null)
            {
                changes.Dropped("messages.name");
            }

            if (turn.Role == ChatRole.System)
            {
                continue;
            }

            if (open != turn.Role && turn.Parts.Any(_parts.IsWritten))
            {
                End(open);
                Begin(turn.Role);
                open = turn.Role;
            }

            foreach (var part in turn.Parts)
            {
                _parts.Write(part);
            }
        }

        End(open);
        json.WriteEndArray();
    }

    private void Begin(ChatRole role)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role == ChatRole.Assistant ? "assistant"u8 : "user"u8);
        json.WriteStartArray("content"u8);
    }

    private void End(ChatRole? open)
    {
        if (open is not null)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    /// <summary>Instructions stand at the beginning; those from the middle of the conversation are moved there.</summary>
    private void WriteSystem(ChatRequest request)
    {
        var texts = new List<TextPart>(request.System);
        foreach (var turn in request.Turns)
        {
            if (turn.Role == ChatRole.System)
            {
                changes.Renamed("messages.system", "system");
                texts.AddRange(turn.Parts.OfType<TextPart>());
            }
        }

        texts.RemoveAll(text => text.Text.Length == 0);
        if (texts is [{ Cache: null } only])
        {
            json.WriteString("system"u8, only.Text);
        }
        else if (texts.Count > 0)
        {
            json.WriteStartArray("system"u8);
            foreach (var text in texts)
            {
                _parts.Write(text);
            }

            json.WriteEndArray();
        }
    }
}
