using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Providers.OpenAi.Scanning;

/// <summary>Looks at transcripts: JSON with a text, plain text and subtitles as they are, and the events of a stream.</summary>
internal sealed class TranscriptScanner : AnswerScanner
{
    private bool _isJson = true;
    private bool _finished;
    private string? _errorField;

    public override bool HasFinished(int choices) => _finished;

    public override bool Takes(string? mediaType)
    {
        _isJson = mediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;
        return _isJson || (mediaType is not null && !mediaType.EndsWith("html", StringComparison.OrdinalIgnoreCase));
    }

    public override ChatError Refusal(ProviderSnapshot provider, int status, TimeSpan? retryAfter) =>
        OpenAiProtocol.Error(provider, status, retryAfter, ErrorCode, ErrorMessage, _errorField);

    public override ChatError Reported(ProviderSnapshot provider) => OpenAiProtocol.Reported(provider, ErrorMessage, ErrorCode);

    public override AnswerSigns Scan(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return AnswerSigns.None;
        }

        if (data.SequenceEqual("[DONE]"u8))
        {
            return AnswerSigns.Done;
        }

        if (Parse(data) is not { } read)
        {
            return AnswerSigns.Malformed;
        }

        using (read)
        {
            var root = read.RootElement;
            if (ReadError(root))
            {
                return AnswerSigns.Error;
            }

            switch (TextOf(root, "type"))
            {
                case "transcript.text.done":
                    _finished = true;
                    ReadUsage(root);
                    return AnswerSigns.Content | AnswerSigns.Finish;
                case { } type when type.StartsWith("transcript.", StringComparison.Ordinal):
                    return AnswerSigns.Content;
                case null:
                    return AnswerSigns.Malformed;
                default:
                    return AnswerSigns.None;
            }
        }
    }

    /// <summary>An answer may be empty where nothing was said.</summary>
    public override AnswerSigns ScanBody(ReadOnlySpan<byte> body)
    {
        if (!_isJson)
        {
            return AnswerSigns.Content;
        }

        if (Parse(body) is not { } read)
        {
            return AnswerSigns.Malformed;
        }

        using (read)
        {
            if (ReadError(read.RootElement))
            {
                return AnswerSigns.Error;
            }

            ReadUsage(read.RootElement);
            return TextOf(read.RootElement, "text") is null ? AnswerSigns.Malformed : AnswerSigns.Content;
        }
    }

    private static JsonDocument? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var read = JsonDocument.ParseValue(ref reader);
            if (read.RootElement.ValueKind == JsonValueKind.Object && !reader.Read())
            {
                return read;
            }

            read.Dispose();
        }
        catch (JsonException)
        {
            // Not the protocol; the caller says so.
        }

        return null;
    }

    private bool ReadError(JsonElement root)
    {
        if (!root.TryGetProperty("error"u8, out var error) || error.ValueKind == JsonValueKind.Null)
        {
            return false;
        }

        ErrorMessage = error.ValueKind == JsonValueKind.String ? error.GetString() : TextOf(error, "message");
        ErrorCode = TextOf(error, "code") ?? TextOf(error, "type");
        _errorField = TextOf(error, "param");
        return true;
    }

    /// <summary>Tokens where the provider counts them; one that bills by the second tells none.</summary>
    private void ReadUsage(JsonElement root)
    {
        if (root.TryGetProperty("usage"u8, out var usage) && usage.ValueKind == JsonValueKind.Object && usage.TryGetProperty("input_tokens"u8, out _))
        {
            Usage = new Usage(CountOf(usage, "input_tokens"), CountOf(usage, "output_tokens"));
        }
    }

    private static long CountOf(JsonElement usage, string name) =>
        usage.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) ? Math.Max(0, count) : 0;

    private static string? TextOf(JsonElement parent, string name)
    {
        try
        {
            return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is no text.
            return null;
        }
    }
}
