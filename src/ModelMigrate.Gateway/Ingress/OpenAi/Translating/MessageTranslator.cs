using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Translating;

/// <summary>Reads <c>messages</c>: instructions before the first turn, then turns; results of tools are the user's.</summary>
internal sealed class MessageTranslator(FieldReader fields)
{
    private readonly PartTranslator _parts = new(fields);

    public List<TextPart> System { get; } = [];

    public List<ChatTurn> Turns { get; } = [];

    /// <summary>The first name of an instruction's speaker as JSON, or null; it has no place in the neutral language.</summary>
    public string? SystemName { get; private set; }

    public void Read(JsonElement messages)
    {
        var at = 0;
        foreach (var message in messages.EnumerateArray())
        {
            ReadMessage(message, $"messages[{at++}]");
        }

        if (Turns.Count == 0 || Turns.TrueForAll(turn => turn.Role == ChatRole.System))
        {
            fields.Fail("messages", "must hold at least one message of the user or the assistant");
        }
    }

    private void ReadMessage(JsonElement message, string at)
    {
        switch (message.GetProperty("role"u8).GetString())
        {
            case "user":
                Add(ChatRole.User, message, Content(message, at), at);
                break;
            case "assistant":
                Add(ChatRole.Assistant, message, Assistant(message, at), at);
                break;
            case "tool":
                var result = new ToolResultPart(fields.Required(message, "tool_call_id", at + ".tool_call_id"), Content(message, at));
                AddResult(result);
                break;
            case "system" or "developer":
                ReadSystem(message, Content(message, at), at);
                break;
            default:
                fields.Fail(at + ".role", "must be system, developer, user, assistant or tool");
                break;
        }
    }

    /// <summary>The results of one turn's calls are one turn.</summary>
    private void AddResult(ToolResultPart result)
    {
        if (Turns is [.., { Role: ChatRole.User, Name: null } last] && last.Parts.All(p => p is ToolResultPart))
        {
            Turns[^1] = last with { Parts = [.. last.Parts, result] };
        }
        else
        {
            Turns.Add(new ChatTurn(ChatRole.User, [result]));
        }
    }

    private void ReadSystem(JsonElement message, List<ChatPart> parts, string at)
    {
        if (Turns.Count > 0)
        {
            Add(ChatRole.System, message, parts, at);
            return;
        }

        SystemName ??= FieldReader.Has(message, "name", out var name) ? name.GetRawText() : null;
        System.AddRange(parts.OfType<TextPart>());
    }

    private void Add(ChatRole role, JsonElement message, List<ChatPart> parts, string at) =>
        Turns.Add(new ChatTurn(role, parts) { Name = fields.Text(message, "name", at + ".name") });

    private List<ChatPart> Content(JsonElement message, string at)
    {
        if (message.TryGetProperty("content"u8, out var content) && _parts.Read(content, at + ".content") is { } parts)
        {
            return parts;
        }

        fields.Fail(at + ".content", "must be a string or an array of content parts");
        return [];
    }

    /// <summary>What the assistant thought, said and called. Content may be missing where it called tools or refused.</summary>
    private List<ChatPart> Assistant(JsonElement message, string at)
    {
        var parts = new List<ChatPart>();
        if (fields.Text(message, "reasoning_content", at + ".reasoning_content") is { Length: > 0 } thinking)
        {
            var state = fields.Text(message, "reasoning_signature", at + ".reasoning_signature");
            parts.Add(new ThinkingPart(thinking, state is null ? null : OpaqueState.Read(state)));
        }

        var refusal = fields.Text(message, "refusal", at + ".refusal");
        var calls = fields.Items(message, "tool_calls", at + ".tool_calls").ToList();
        if (FieldReader.Has(message, "content", out _) || (refusal is null && calls.Count == 0))
        {
            parts.AddRange(Content(message, at));
        }

        if (refusal is not null)
        {
            parts.Add(new RefusalPart(refusal));
        }

        foreach (var call in calls)
        {
            var function = call.TryGetProperty("function"u8, out var named) ? named : default;
            parts.Add(new ToolCallPart(
                fields.Required(call, "id", at + ".tool_calls.id"), fields.Required(function, "name", at + ".tool_calls.function.name"),
                fields.Required(function, "arguments", at + ".tool_calls.function.arguments")));
        }

        return parts;
    }
}
