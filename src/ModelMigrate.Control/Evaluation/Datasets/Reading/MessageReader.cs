using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Control.Evaluation.Datasets.Reading;

/// <summary>Reads the conversation of one row: a prompt alone, or messages as the chat protocols write them. Only texts are asked of models here.</summary>
internal sealed class MessageReader(RawRow raw, DatasetProblems problems)
{
    private const string Example = "[{\"role\":\"user\",\"content\":\"…\"}]";

    /// <summary>Empty when there is none, or after its problem was said.</summary>
    public IReadOnlyList<PromptMessage> Read(JsonElement? system, JsonElement? prompt, JsonElement? messages)
    {
        var before = problems.Count;
        var read = new List<PromptMessage>();
        var body = raw.Fields.TryGetProperty("body", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : raw.Fields;
        foreach (var tool in new[] { "tools", "functions" })
        {
            if (messages is not null && body.TryGetProperty(tool, out var tools) && tools.ValueKind == JsonValueKind.Array && tools.GetArrayLength() > 0)
            {
                Wrong($"it has {tool}, which an evaluation does not send; leave such rows out.");
            }
        }

        if ((system ?? (body.TryGetProperty("system", out var own) && own.ValueKind != JsonValueKind.Null ? own : null)) is { } instructions)
        {
            read.Add(new PromptMessage(ChatRole.System, Content(instructions)));
        }

        if (prompt is { ValueKind: JsonValueKind.Array } list)
        {
            (prompt, messages) = (null, messages ?? list);
        }

        if (prompt is { } text && messages is null)
        {
            read.Add(new PromptMessage(ChatRole.User, Content(text)));
        }
        else if (prompt is not null)
        {
            Wrong("it has both a prompt and messages; keep one.");
        }

        if (messages is { } turns)
        {
            Messages(turns, read);
        }

        if (problems.Count > before)
        {
            // Said already: another message about the same row helps nobody.
            return read.Count > 0 ? read : [new PromptMessage(ChatRole.User, "")];
        }

        if (read.Exists(static message => message.Role != ChatRole.System) && read[^1].Role != ChatRole.User)
        {
            Wrong("its last message is not the user's, so there is nothing to answer; end with a message of role user.");
        }

        return read.Exists(static message => message.Role != ChatRole.System) ? read : [];
    }

    private void Messages(JsonElement turns, List<PromptMessage> into)
    {
        if (turns.ValueKind == JsonValueKind.String)
        {
            // A cell of a CSV file holds them as text.
            try
            {
                using var json = JsonDocument.Parse(turns.GetString()!);
                turns = json.RootElement.Clone();
            }
            catch (JsonException)
            {
            }
        }

        if (turns.ValueKind != JsonValueKind.Array || turns.GetArrayLength() == 0)
        {
            Wrong($"its messages are no array; write {Example}.");
            return;
        }

        foreach (var turn in turns.EnumerateArray())
        {
            var role = turn.ValueKind == JsonValueKind.Object && turn.TryGetProperty("role", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString() : null;
            ChatRole? known = role switch
            {
                "system" or "developer" => ChatRole.System,
                "user" => ChatRole.User,
                "assistant" => ChatRole.Assistant,
                _ => null,
            };
            if (known is not { } speaker || !turn.TryGetProperty("content", out var content))
            {
                Wrong(role is null ? $"a message has no role or no content; write {Example}." : $"a message of role '{role}' is not one of system, user or assistant with content; leave such rows out.");
                return;
            }

            into.Add(new PromptMessage(speaker, Content(content)));
        }
    }

    /// <summary>A text, or an array of parts that are texts.</summary>
    private string Content(JsonElement content)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                return content.GetString()!;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return content.GetRawText();
            case JsonValueKind.Array:
                var text = new StringBuilder();
                foreach (var part in content.EnumerateArray())
                {
                    if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("text", out var piece) || piece.ValueKind != JsonValueKind.String)
                    {
                        Wrong("a message has a part that is no text; leave such rows out.");
                        return "";
                    }

                    text.Append(piece.GetString());
                }

                return text.ToString();
            default:
                Wrong($"a prompt or a message's content is no text; write {Example}.");
                return "";
        }
    }

    private void Wrong(string message) => problems.Add(raw.File, raw.Line, message);
}
