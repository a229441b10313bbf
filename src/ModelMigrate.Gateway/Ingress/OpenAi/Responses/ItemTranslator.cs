using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Responses;

/// <summary>
/// Reads <c>instructions</c> and <c>input</c>: a string, or items. What one side said in several items, thinking and calls included, is
/// one turn.
/// </summary>
internal sealed class ItemTranslator(FieldReader fields)
{
    public List<TextPart> System { get; } = [];

    public List<ChatTurn> Turns { get; } = [];

    /// <summary>What stands beside the words and is this protocol's own.</summary>
    public List<ForeignField> Fields { get; } = [];

    public void Read(JsonElement root)
    {
        if (FieldReader.Has(root, "instructions", out _))
        {
            System.Add(fields.RequiredWords(root, "instructions", "instructions"));
        }

        if (FieldReader.Has(root, "input", out var input) && input.ValueKind == JsonValueKind.String)
        {
            Turns.Add(new ChatTurn(ChatRole.User, [fields.Words(input)]));
            return;
        }

        foreach (var item in fields.Items(root, "input", "input"))
        {
            ReadItem(item);
        }

        if (Turns.TrueForAll(turn => turn.Role == ChatRole.System))
        {
            fields.Fail("input", "must be a string, or hold at least one item of the user or the assistant");
        }
    }

    private void ReadItem(JsonElement item)
    {
        switch (fields.Text(item, "type", "input.type") ?? "message")
        {
            case "message":
                ReadMessage(item);
                break;
            case "function_call":
                Append(ChatRole.Assistant, [new ToolCallPart(
                    fields.Required(item, "call_id", "input.call_id"), fields.Required(item, "name", "input.name"), fields.Required(item, "arguments", "input.arguments"))]);
                break;
            case "function_call_output":
                Append(ChatRole.User, [new ToolResultPart(fields.Required(item, "call_id", "input.call_id"), Parts(item, "output"))]);
                break;
            case "reasoning":
                Append(ChatRole.Assistant, [Thinking(item)]);
                break;
            case var other:
                fields.Fail("input", $"holds an item of the type '{other}', which no chat has");
                break;
        }
    }

    private void ReadMessage(JsonElement message)
    {
        Keep(message, "phase");
        switch (fields.Required(message, "role", "input.role"))
        {
            case "user":
                Turns.Add(new ChatTurn(ChatRole.User, Parts(message, "content")));
                break;
            case "assistant":
                Append(ChatRole.Assistant, Parts(message, "content"));
                break;
            case "system" or "developer" when Turns.Count == 0:
                System.AddRange(Parts(message, "content").OfType<TextPart>());
                break;
            case "system" or "developer":
                Turns.Add(new ChatTurn(ChatRole.System, Parts(message, "content")));
                break;
            default:
                fields.Fail("input.role", "must be user, assistant, system or developer");
                break;
        }
    }

    /// <summary>The assistant's items are one turn until somebody else speaks, and so are the results of its calls.</summary>
    private void Append(ChatRole role, List<ChatPart> parts)
    {
        if (Turns is [.., var last] && last.Role == role && (role == ChatRole.Assistant || last.Parts.All(p => p is ToolResultPart)))
        {
            Turns[^1] = last with { Parts = [.. last.Parts, .. parts] };
        }
        else
        {
            Turns.Add(new ChatTurn(role, parts));
        }
    }

    private ThinkingPart Thinking(JsonElement item)
    {
        var text = string.Concat(fields.Items(item, "summary", "input.summary").Select(part => fields.Required(part, "text", "input.summary.text")));
        if (fields.Text(item, "encrypted_content", "input.encrypted_content") is not { } state)
        {
            return new ThinkingPart(text, null);
        }

        var read = OpaqueState.Read(state, isRedacted: text.Length == 0);
        return new ThinkingPart(text, read.Family is null ? read with { Family = OpaqueState.OfResponses } : read);
    }

    private List<ChatPart> Parts(JsonElement parent, string name)
    {
        var at = "input." + name;
        if (FieldReader.Has(parent, name, out var content) && content.ValueKind == JsonValueKind.String)
        {
            return [fields.Words(content)];
        }

        if (content.ValueKind == JsonValueKind.Array)
        {
            return [.. fields.Items(parent, name, at).Select(part => ReadPart(part, at))];
        }

        fields.Fail(at, "must be a string or an array of content parts");
        return [];
    }

    private void Keep(JsonElement parent, string name)
    {
        if (FieldReader.Has(parent, name, out var value))
        {
            Fields.Add(new ForeignField(ProviderKind.OpenAi, "input." + name, value.GetRawText()) { IsOfChat = false });
        }
    }

    private ChatPart ReadPart(JsonElement part, string at)
    {
        Keep(part, "prompt_cache_breakpoint");
        switch (fields.Required(part, "type", at + ".type"))
        {
            case "input_text" or "output_text":
                return fields.RequiredWords(part, "text", at + ".text");
            case "refusal":
                // Some clients give a refusal back as they give back a text.
                return new RefusalPart(fields.Text(part, "text", at + ".text") ?? fields.Required(part, "refusal", at + ".refusal"));
            case "input_image":
                var url = fields.RequiredLong(part, "image_url", at + ".image_url");
                var detail = fields.Text(part, "detail", at + ".detail") is { } asked and not "auto" ? asked : null;
                return DataUrl.TryRead(url, out var mediaType, out var data)
                    ? new ImagePart { MediaType = mediaType, Data = data, Detail = detail }
                    : new ImagePart { Url = url.ToString(), Detail = detail };
            case "input_file":
                var file = fields.RequiredLong(part, "file_data", at + ".file_data");
                var title = fields.Text(part, "filename", at + ".filename");
                return DataUrl.TryRead(file, out var type, out var bytes)
                    ? new DocumentPart { MediaType = type, Data = bytes, Title = title }
                    : new DocumentPart { MediaType = "application/pdf", Data = file, Title = title };
            case var other:
                return new ForeignPart(ProviderKind.OpenAi, other, part.GetRawText());
        }
    }
}
