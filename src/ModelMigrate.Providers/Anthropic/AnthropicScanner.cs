using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>Looks at answers of the messages protocol. Events of types that it does not know pass, as the protocol's rules ask.</summary>
internal sealed class AnthropicScanner(string? knownVersion) : AnswerScanner
{
    private bool _finished;
    private long? _fresh;
    private long? _written;
    private long? _read;
    private long? _output;

    public override bool HasFinished(int choices) => _finished;

    public override ChatError Refusal(ProviderSnapshot provider, int status, TimeSpan? retryAfter) =>
        AnthropicProtocol.Refused(provider, status, retryAfter, ErrorCode, ErrorMessage);

    public override ChatError Reported(ProviderSnapshot provider) => AnthropicProtocol.Reported(provider, ErrorCode, ErrorMessage);

    public override AnswerSigns Scan(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return AnswerSigns.None;
        }

        return ScanObject(data, out var signs, out _, out _) ? signs : signs | AnswerSigns.Malformed;
    }

    public override AnswerSigns ScanBody(ReadOnlySpan<byte> body)
    {
        if (!ScanObject(body, out var signs, out var isMessage, out var hasContent))
        {
            return signs | AnswerSigns.Malformed;
        }

        return (isMessage && hasContent && _finished) || (signs & AnswerSigns.Error) != AnswerSigns.None ? signs : signs | AnswerSigns.Malformed;
    }

    private bool ScanObject(ReadOnlySpan<byte> json, out AnswerSigns signs, out bool isMessage, out bool hasContent)
    {
        (signs, isMessage, hasContent) = (AnswerSigns.None, false, false);
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ScanField(ref reader, ref signs, ref isMessage, ref hasContent);
            }

            return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no valid text, such as half a surrogate pair.
            return false;
        }
    }

    private void ScanField(ref Utf8JsonReader reader, ref AnswerSigns signs, ref bool isMessage, ref bool hasContent)
    {
        if (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("content_block"u8))
        {
            reader.Read();
            signs |= ScanBlock(ref reader);
        }
        else if (reader.ValueTextEquals("type"u8))
        {
            reader.Read();
            isMessage |= reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("message"u8);
            signs |= reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("message_stop"u8) ? AnswerSigns.Done : AnswerSigns.None;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("message"u8))
        {
            reader.Read();
            ScanMessage(ref reader);
        }
        else if (reader.ValueTextEquals("usage"u8))
        {
            reader.Read();
            ScanUsage(ref reader);
        }
        else if (reader.ValueTextEquals("model"u8))
        {
            reader.Read();
            ScanVersion(ref reader);
        }
        else if (reader.ValueTextEquals("content"u8))
        {
            reader.Read();
            hasContent = reader.TokenType == JsonTokenType.StartArray;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("stop_reason"u8))
        {
            reader.Read();
            signs |= ScanStop(ref reader);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            signs |= ScanError(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    /// <summary>A block's beginning or a piece of it: text that is not empty, and the name of a tool, are content; a signature alone is not.</summary>
    private AnswerSigns ScanBlock(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return AnswerSigns.None;
        }

        var signs = AnswerSigns.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("stop_reason"u8))
            {
                reader.Read();
                signs |= ScanStop(ref reader);
                continue;
            }

            var isNote = reader.ValueTextEquals("type"u8) || reader.ValueTextEquals("stop_sequence"u8) || reader.ValueTextEquals("signature"u8)
                || reader.ValueTextEquals("id"u8);
            reader.Read();
            signs |= !isNote && reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty ? AnswerSigns.Content : AnswerSigns.None;
            reader.Skip();
        }

        return signs;
    }

    private static FinishReason? FinishOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("end_turn"u8) ? FinishReason.Stop
        : reader.ValueTextEquals("stop_sequence"u8) ? FinishReason.StopText
        : reader.ValueTextEquals("max_tokens"u8) || reader.ValueTextEquals("model_context_window_exceeded"u8) ? FinishReason.Length
        : reader.ValueTextEquals("tool_use"u8) ? FinishReason.ToolCalls
        : reader.ValueTextEquals("refusal"u8) ? FinishReason.ContentFilter
        : null;

    private AnswerSigns ScanStop(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return AnswerSigns.None;
        }

        _finished = true;
        Finish = FinishOf(ref reader);
        Refused |= Finish == FinishReason.ContentFilter;
        return AnswerSigns.Finish;
    }

    private void ScanMessage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isModel = reader.ValueTextEquals("model"u8);
            var isUsage = reader.ValueTextEquals("usage"u8);
            reader.Read();
            if (isModel)
            {
                ScanVersion(ref reader);
            }
            else if (isUsage)
            {
                ScanUsage(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>Totals so far: what a later event repeats holds, what it leaves out stands.</summary>
    private void ScanUsage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("input_tokens"u8))
            {
                _fresh = ReadCount(ref reader) ?? _fresh;
            }
            else if (reader.ValueTextEquals("cache_creation_input_tokens"u8))
            {
                _written = ReadCount(ref reader) ?? _written;
            }
            else if (reader.ValueTextEquals("cache_read_input_tokens"u8))
            {
                _read = ReadCount(ref reader) ?? _read;
            }
            else if (reader.ValueTextEquals("output_tokens"u8))
            {
                _output = ReadCount(ref reader) ?? _output;
            }
            else
            {
                reader.Skip();
            }
        }

        Usage = new Usage((_fresh ?? 0) + (_written ?? 0) + (_read ?? 0), _output ?? 0, _read ?? 0, _written ?? 0);
    }

    /// <summary>A count that is no count says nothing: a wrong figure of the provider's must not fail an answer.</summary>
    private static long? ReadCount(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetInt64(out var count) && count >= 0 ? count : null;
        }

        reader.Skip();
        return null;
    }

    private void ScanVersion(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || ModelVersion is not null)
        {
            reader.Skip();
            return;
        }

        ModelVersion = knownVersion is not null && reader.ValueTextEquals(knownVersion) ? knownVersion : reader.GetString();
    }

    private AnswerSigns ScanError(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            var isNone = reader.TokenType == JsonTokenType.Null;
            reader.Skip();
            return isNone ? AnswerSigns.None : AnswerSigns.Error;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isMessage = reader.ValueTextEquals("message"u8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && (isType || isMessage))
            {
                (ErrorCode, ErrorMessage) = isType ? (reader.GetString(), ErrorMessage) : (ErrorCode, reader.GetString());
            }
            else
            {
                reader.Skip();
            }
        }

        return AnswerSigns.Error;
    }
}
