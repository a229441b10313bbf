using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>
/// Writes messages. Tool results are messages of their own, which must follow the call before anything else is said; what else their
/// turn holds, images among the results included, comes after them.
/// </summary>
internal sealed class OpenAiMessageWriter(Utf8JsonWriter json, ModelSnapshot model, ChangeList changes)
{
    private readonly OpenAiPartWriter _parts = new(json, changes);

    public void Write(ChatRequest request)
    {
        json.WriteStartArray("messages"u8);
        if (request.System.Count > 0)
        {
            WriteMessage("system"u8, null, request.System);
        }

        foreach (var turn in request.Turns)
        {
            switch (turn.Role)
            {
                case ChatRole.System:
                    WriteMessage("system"u8, turn.Name, turn.Parts);
                    break;
                case ChatRole.User:
                    WriteUser(turn);
                    break;
                case ChatRole.Assistant:
                    WriteAssistant(turn);
                    break;
            }
        }

        json.WriteEndArray();
    }

    private void WriteUser(ChatTurn turn)
    {
        if (!turn.Parts.Any(p => p is ToolResultPart))
        {
            WriteMessage("user"u8, turn.Name, turn.Parts);
            return;
        }

        var rest = new List<ChatPart>();
        foreach (var part in turn.Parts)
        {
            if (part is ToolResultPart result)
            {
                WriteResult(result, rest);
            }
        }

        rest.AddRange(turn.Parts.Where(p => p is not ToolResultPart));
        if (rest.Any(OpenAiPartWriter.IsWritten))
        {
            WriteMessage("user"u8, turn.Name, rest);
        }
    }

    private void WriteResult(ToolResultPart result, List<ChatPart> rest)
    {
        if (result.IsError)
        {
            changes.Dropped("messages.tool_result.is_error");
        }

        _parts.ReportCache(result);
        var texts = result.Parts.OfType<TextPart>().ToList();
        foreach (var other in result.Parts.Where(p => p is not TextPart))
        {
            changes.Renamed("messages.tool_result.content", "user message");
            rest.Add(other);
        }

        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        json.WriteString("tool_call_id"u8, IdOf(result.CallId));
        json.WritePropertyName("content"u8);
        _parts.WriteContent(texts);
        json.WriteEndObject();
    }

    private void WriteAssistant(ChatTurn turn)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        WriteName(turn.Name);
        var said = turn.Parts.Where(p => p is not (ToolCallPart or ThinkingPart)).ToList();
        var isOnlyRefusal = said is [RefusalPart];
        json.WritePropertyName("content"u8);
        if (said.Count == 0 || isOnlyRefusal)
        {
            json.WriteNullValue();
        }
        else
        {
            _parts.WriteContent(said);
        }

        if (isOnlyRefusal && !model.IsRejected("messages.refusal", changes))
        {
            json.WriteString("refusal"u8, ((RefusalPart)said[0]).Text);
        }

        WriteThinking(turn);
        WriteCalls(turn);
        json.WriteEndObject();
    }

    /// <summary>Only the family that thought it can use it; others are spared the tokens, and the poison.</summary>
    private void WriteThinking(ChatTurn turn)
    {
        foreach (var thinking in turn.Parts.OfType<ThinkingPart>())
        {
            if (thinking is { Text.Length: > 0, State.Family: { } family } && string.Equals(family, model.Family, StringComparison.Ordinal)
                && !model.Rejects.Contains("messages.reasoning_content", StringComparer.Ordinal))
            {
                json.WriteString("reasoning_content"u8, thinking.Text);
                return;
            }

            changes.Dropped("messages.thinking");
        }
    }

    private void WriteCalls(ChatTurn turn)
    {
        var isOpen = false;
        foreach (var call in turn.Parts.OfType<ToolCallPart>())
        {
            if (!isOpen)
            {
                isOpen = true;
                json.WriteStartArray("tool_calls"u8);
            }

            _parts.ReportCache(call);
            json.WriteStartObject();
            json.WriteString("id"u8, IdOf(call.Id));
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, ToolNames.OpenAi.Of(call.Name));
            json.WriteString("arguments"u8, call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (isOpen)
        {
            json.WriteEndArray();
        }
    }

    private void WriteMessage(ReadOnlySpan<byte> role, string? name, IReadOnlyList<ChatPart> parts)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        WriteName(name);
        json.WritePropertyName("content"u8);
        _parts.WriteContent(parts);
        json.WriteEndObject();
    }

    private string IdOf(string id)
    {
        if (!model.Provider.Quirks.ShortCallIds || ShortCallId.Of(id) is var taken && taken == id)
        {
            return id;
        }

        changes.Renamed("messages.tool_calls.id", "nine letters");
        return taken;
    }

    private void WriteName(string? name)
    {
        if (name is not null && !model.IsRejected("messages.name", changes))
        {
            json.WriteString("name"u8, name);
        }
    }
}
