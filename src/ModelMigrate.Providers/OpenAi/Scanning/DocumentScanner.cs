using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Providers.OpenAi.Scanning;

/// <summary>Looks at answers whose events are few and small enough to be read as documents: each is one JSON object, or not the protocol.</summary>
internal abstract class DocumentScanner : AnswerScanner
{
    private string? _errorField;

    protected bool Finished { get; set; }

    public override bool HasFinished(int choices) => Finished;

    public override ChatError Refusal(ProviderSnapshot provider, int status, TimeSpan? retryAfter) =>
        OpenAiProtocol.Error(provider, status, retryAfter, ErrorCode, ErrorMessage, _errorField);

    public override ChatError Reported(ProviderSnapshot provider) => OpenAiProtocol.Reported(provider, ErrorMessage, ErrorCode);

    public override AnswerSigns Scan(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return AnswerSigns.None;
        }

        // Some servers end every stream as they end that of a chat.
        if (data.SequenceEqual("[DONE]"u8))
        {
            return AnswerSigns.Done;
        }

        using var read = Parse(data);
        return read is null ? AnswerSigns.Malformed : ScanEvent(read.RootElement);
    }

    public override AnswerSigns ScanBody(ReadOnlySpan<byte> body)
    {
        using var read = Parse(body);
        return read is null ? AnswerSigns.Malformed : ReadError(read.RootElement) ? AnswerSigns.Error : ScanAnswer(read.RootElement);
    }

    protected abstract AnswerSigns ScanEvent(JsonElement root);

    /// <summary>Looks at a whole answer that is no error.</summary>
    protected abstract AnswerSigns ScanAnswer(JsonElement root);

    protected bool ReadError(JsonElement parent)
    {
        var error = Member(parent, "error");
        if (error.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return false;
        }

        ErrorMessage = Text(error) ?? TextOf(error, "message") ?? ErrorMessage;
        ErrorCode = TextOf(error, "code") ?? TextOf(error, "type") ?? ErrorCode;
        _errorField = TextOf(error, "param");
        return true;
    }

    protected static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : default;

    protected static string? TextOf(JsonElement parent, string name) => Text(Member(parent, name));

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is no text.
            return null;
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
}
