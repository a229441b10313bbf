using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Providers.Json;

/// <summary>
/// Writes a conversation where roles must take turns: consecutive turns of one role become one message. Instructions stand at the
/// beginning, and those from the middle of the conversation are moved there; empty texts are refused, so none is written.
/// </summary>
internal abstract class TurnWriter(Utf8JsonWriter json, ChangeList changes)
{
    protected Utf8JsonWriter Json => json;

    protected ChangeList Changes => changes;

    /// <summary>The field of the instructions.</summary>
    protected virtual string Instructions => "system";

    protected virtual ReadOnlySpan<byte> Messages => "messages"u8;

    protected virtual ReadOnlySpan<byte> Content => "content"u8;

    protected virtual ReadOnlySpan<byte> Assistant => "assistant"u8;

    public void Write(ChatRequest request)
    {
        WriteInstructions(request);
        json.WriteStartArray(Messages);
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

            if (open != turn.Role && turn.Parts.Any(IsWritten))
            {
                End(open);
                Begin(turn.Role);
                open = turn.Role;
            }

            WriteTurn(turn);
        }

        End(open);
        json.WriteEndArray();
    }

    /// <summary>Writes a call's arguments, which these protocols want as an object.</summary>
    public static void WriteArguments(Utf8JsonWriter json, ReadOnlySpan<byte> name, ToolCallPart call, ChangeList changes)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(call.ArgumentsObject(out var isExact), skipInputValidation: true);
        if (!isExact)
        {
            changes.Renamed("messages.tool_calls.arguments", "text in an object");
        }
    }

    /// <summary>Whether a part becomes something of its message.</summary>
    protected abstract bool IsWritten(ChatPart part);

    /// <summary>Writes the parts of a turn into its message, and reports those that are not written.</summary>
    protected abstract void WriteTurn(ChatTurn turn);

    /// <summary>Writes the instructions, of which there is at least one.</summary>
    protected abstract void WriteSystem(List<TextPart> texts);

    private void WriteInstructions(ChatRequest request)
    {
        var texts = new List<TextPart>(request.System);
        foreach (var turn in request.Turns)
        {
            if (turn.Role == ChatRole.System)
            {
                changes.Renamed("messages.system", Instructions);
                texts.AddRange(turn.Parts.OfType<TextPart>());
            }
        }

        texts.RemoveAll(text => text.IsEmpty);
        if (texts.Count > 0)
        {
            WriteSystem(texts);
        }
    }

    private void Begin(ChatRole role)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role == ChatRole.Assistant ? Assistant : "user"u8);
        json.WriteStartArray(Content);
    }

    private void End(ChatRole? open)
    {
        if (open is not null)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }
}
