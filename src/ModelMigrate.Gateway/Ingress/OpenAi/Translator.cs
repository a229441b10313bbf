using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>Reads a chat completions body, already scanned, into the neutral language.</summary>
internal sealed class Translator
{
    private readonly List<string> _system = [];
    private readonly List<ChatTurn> _turns = [];
    private readonly List<string> _changed = [];
    private ChatError? _error;

    public static bool TryTranslate(ReadOnlyMemory<byte> body, out TranslatedRequest translated, out ChatError? error)
    {
        var translator = new Translator();
        using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = Reader.MaxDepth });
        ChatRequest? request = null;
        try
        {
            request = translator.Read(json.RootElement);
        }
        catch (InvalidOperationException)
        {
            translator.Fail("messages", "holds half of a surrogate pair, which is no text");
        }

        error = translator._error;
        translated = request is null ? default
            : new TranslatedRequest(request, translator._changed.Count == 0 ? null : string.Join(',', translator._changed));
        return error is null;
    }

    private ChatRequest Read(JsonElement root)
    {
        var at = 0;
        foreach (var message in root.GetProperty("messages"u8).EnumerateArray())
        {
            ReadMessage(message, at++);
        }

        if (_turns.Count == 0)
        {
            Fail("messages", "must hold at least one message of the user or the assistant");
        }

        foreach (var field in root.EnumerateObject())
        {
            if (FieldRules.IsDropped(field.Name) && field.Value.ValueKind != JsonValueKind.Null)
            {
                _changed.Add(field.Name);
            }
        }

        var temperature = ReadNumber(root, "temperature", 0, 2);
        if (temperature > 1)
        {
            _changed.Add("temperature");
        }

        return new ChatRequest
        {
            System = _system,
            Turns = _turns,
            Stop = ReadStop(root),
            MaxTokens = ReadCount(root, "max_completion_tokens") ?? ReadCount(root, "max_tokens"),
            Temperature = temperature,
            TopP = ReadNumber(root, "top_p", 0, 1),
            User = root.TryGetProperty("user"u8, out var user) ? user.GetString() : null,
        };
    }

    private void ReadMessage(JsonElement message, int at)
    {
        var role = message.GetProperty("role"u8).GetString();
        if (!message.TryGetProperty("content"u8, out var content) || ReadParts(content) is not { } parts)
        {
            Fail($"messages[{at}].content", "must be a string or an array of text parts");
            return;
        }

        switch (role)
        {
            case "user":
                _turns.Add(new ChatTurn(ChatRole.User, parts));
                break;
            case "assistant":
                _turns.Add(new ChatTurn(ChatRole.Assistant, parts));
                break;
            default:
                foreach (var part in parts)
                {
                    _system.Add(((TextPart)part).Text);
                }

                // Other protocols know instructions only at the beginning.
                if (_turns.Count > 0 && !_changed.Contains("messages"))
                {
                    _changed.Add("messages");
                }

                break;
        }
    }

    private static List<ChatPart>? ReadParts(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            return [new TextPart(content.GetString()!)];
        }

        if (content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0)
        {
            return null;
        }

        var parts = new List<ChatPart>(content.GetArrayLength());
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("text"u8, out var text) || text.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            parts.Add(new TextPart(text.GetString()!));
        }

        return parts;
    }

    private List<string> ReadStop(JsonElement root)
    {
        if (!root.TryGetProperty("stop"u8, out var stop) || stop.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (stop.ValueKind == JsonValueKind.String)
        {
            return [stop.GetString()!];
        }

        if (stop.ValueKind == JsonValueKind.Array && stop.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String))
        {
            return [.. stop.EnumerateArray().Select(text => text.GetString()!)];
        }

        Fail("stop", "must be a string or an array of strings");
        return [];
    }

    private int? ReadCount(JsonElement root, string field)
    {
        if (!root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count > 0)
        {
            return count;
        }

        Fail(field, "must be a whole number above 0");
        return null;
    }

    private double? ReadNumber(JsonElement root, string field, double from, double to)
    {
        if (!root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= from && number <= to)
        {
            return number;
        }

        Fail(field, $"must be a number from {from} to {to}");
        return null;
    }

    private void Fail(string field, string what) =>
        _error ??= new ChatError(ChatErrorKind.Request, $"'{field}' {what}.") { Status = 400, Code = "invalid_value", Field = field };
}
