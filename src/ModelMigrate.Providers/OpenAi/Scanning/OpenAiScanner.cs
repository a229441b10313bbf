using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange.Answers;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Providers.OpenAi.Scanning;

/// <summary>Looks at answers of the chat completions protocol, and of its neighbours: legacy completions and embeddings.</summary>
/// <param name="knownVersion">The model version seen last, or null.</param>
/// <param name="operation">What was asked for.</param>
/// <param name="wanted">How many answers; as many vectors must come.</param>
internal sealed class OpenAiScanner(string? knownVersion, Operation operation = Operation.Chat, int wanted = 1) : AnswerScanner
{
    /// <summary>Characters of an error that is told as JSON.</summary>
    private const int MostWords = 1000;

    private int _finished;
    private int _choices;
    private bool _hasUsage;

    public string? ErrorField { get; private set; }

    public override bool HasFinished(int choices) => _finished >= choices;

    public override ChatError Refusal(ProviderSnapshot provider, int status, TimeSpan? retryAfter) =>
        OpenAiProtocol.Error(provider, status, retryAfter, ErrorCode, ErrorMessage, ErrorField);

    public override ChatError Reported(ProviderSnapshot provider) => OpenAiProtocol.Reported(provider, ErrorMessage, ErrorCode);

    /// <summary>Reads one event of a stream.</summary>
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

        return ScanObject(data, out var signs) ? signs : signs | AnswerSigns.Malformed;
    }

    /// <summary>Reads a whole answer; it must hold at least one choice with what was asked for, and every vector.</summary>
    public override AnswerSigns ScanBody(ReadOnlySpan<byte> body)
    {
        if (!ScanObject(body, out var signs))
        {
            return signs | AnswerSigns.Malformed;
        }

        return _choices >= (operation == Operation.Embedding ? wanted : 1) || (signs & AnswerSigns.Error) != AnswerSigns.None ? signs : signs | AnswerSigns.Malformed;
    }

    private bool ScanObject(ReadOnlySpan<byte> json, out AnswerSigns signs)
    {
        signs = AnswerSigns.None;
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            _hasUsage = false;
            var hasChoices = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("choices"u8))
                {
                    reader.Read();
                    hasChoices = ScanChoices(ref reader, ref signs);
                }
                else if (operation == Operation.Embedding && reader.ValueTextEquals("data"u8))
                {
                    reader.Read();
                    ScanVectors(ref reader);
                }
                else if (reader.ValueTextEquals("usage"u8))
                {
                    reader.Read();
                    ScanUsage(ref reader);
                }
                else if (ModelVersion is null && reader.ValueTextEquals("model"u8))
                {
                    reader.Read();
                    ScanVersion(ref reader);
                }
                else if (reader.ValueTextEquals("error"u8))
                {
                    reader.Read();
                    signs |= ScanError(ref reader);
                }
                else if (reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("detail"u8))
                {
                    // Mistral, FastAPI and older vLLM have no group for an error; its words stand at the top.
                    ErrorMessage ??= ReadWords(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }

            signs |= _hasUsage && !hasChoices ? AnswerSigns.UsageOnly : AnswerSigns.None;
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no valid text, such as half a surrogate pair.
            return false;
        }
    }

    private bool ScanChoices(ref Utf8JsonReader reader, ref AnswerSigns signs)
    {
        var any = false;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            any = true;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("delta"u8))
                {
                    reader.Read();
                    signs |= ScanMessage(ref reader);
                }
                else if (reader.ValueTextEquals("message"u8))
                {
                    reader.Read();
                    _choices += reader.TokenType == JsonTokenType.StartObject ? 1 : 0;
                    signs |= ScanMessage(ref reader);
                }
                else if (operation == Operation.Completion && reader.ValueTextEquals("text"u8))
                {
                    reader.Read();
                    _choices += reader.TokenType == JsonTokenType.String ? 1 : 0;
                    signs |= reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty ? AnswerSigns.Content : AnswerSigns.None;
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("finish_reason"u8))
                {
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.String)
                    {
                        _finished++;
                        Finish = FinishOf(ref reader);
                        Refused |= Finish == FinishReason.ContentFilter;
                        signs |= AnswerSigns.Finish;
                    }
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return any;
    }

    private static FinishReason? FinishOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("stop"u8) ? FinishReason.Stop
        : reader.ValueTextEquals("length"u8) ? FinishReason.Length
        : reader.ValueTextEquals("tool_calls"u8) || reader.ValueTextEquals("function_call"u8) ? FinishReason.ToolCalls
        : reader.ValueTextEquals("content_filter"u8) ? FinishReason.ContentFilter
        : null;

    /// <summary>Counts those of a list of objects that hold a vector, as numbers or as text.</summary>
    private void ScanVectors(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isVector = reader.ValueTextEquals("embedding"u8);
                reader.Read();
                _choices += isVector && reader.TokenType is (JsonTokenType.StartArray or JsonTokenType.String) ? 1 : 0;
                reader.Skip();
            }
        }
    }

    /// <summary>Anything but the role that is not empty is content, so that fields of providers unknown to us count as well.</summary>
    private AnswerSigns ScanMessage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return AnswerSigns.None;
        }

        var signs = AnswerSigns.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRole = reader.ValueTextEquals("role"u8);
            var isRefusal = reader.ValueTextEquals("refusal"u8);
            reader.Read();
            var isEmpty = reader.TokenType switch
            {
                JsonTokenType.String => reader.ValueSpan.IsEmpty,
                JsonTokenType.StartArray or JsonTokenType.StartObject => SkipIsEmpty(ref reader),
                _ => true,
            };
            Refused |= isRefusal && !isEmpty;
            signs |= isRole || isEmpty ? AnswerSigns.None : AnswerSigns.Content;
        }

        return signs;
    }

    private static bool SkipIsEmpty(ref Utf8JsonReader reader)
    {
        var start = reader.TokenStartIndex;
        reader.Skip();
        return reader.TokenStartIndex - start <= 1;
    }

    private void ScanUsage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        _hasUsage = true;
        var usage = default(Usage);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8))
            {
                usage = usage with { InputTokens = ReadCount(ref reader) };
            }
            else if (reader.ValueTextEquals("completion_tokens"u8))
            {
                usage = usage with { OutputTokens = ReadCount(ref reader) };
            }
            else if (reader.ValueTextEquals("prompt_tokens_details"u8))
            {
                usage = usage with { CachedInputTokens = ReadDetail(ref reader, "cached_tokens"u8) };
            }
            else if (reader.ValueTextEquals("completion_tokens_details"u8))
            {
                usage = usage with { ReasoningTokens = ReadDetail(ref reader, "reasoning_tokens"u8) };
            }
            else
            {
                reader.Skip();
            }
        }

        Usage = usage;
    }

    private static long ReadDetail(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return 0;
        }

        var tokens = 0L;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name))
            {
                tokens = ReadCount(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return tokens;
    }

    /// <summary>A count that is no count is 0: a wrong figure of the provider's must not fail an answer.</summary>
    private static long ReadCount(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetInt64(out var count) && count > 0 ? count : 0;
        }

        reader.Skip();
        return 0;
    }

    private void ScanVersion(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return;
        }

        ModelVersion = knownVersion is not null && reader.ValueTextEquals(knownVersion) ? knownVersion : reader.GetString();
    }

    private AnswerSigns ScanError(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return AnswerSigns.None;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            ErrorMessage = reader.GetString();
            return AnswerSigns.Error;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return AnswerSigns.Error;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("message"u8))
            {
                ErrorMessage = ReadText(ref reader) ?? ErrorMessage;
            }
            else if (reader.ValueTextEquals("code"u8))
            {
                ErrorCode = ReadText(ref reader) ?? ErrorCode;
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                var type = ReadText(ref reader);
                ErrorCode ??= type;
            }
            else if (reader.ValueTextEquals("param"u8))
            {
                ErrorField = ReadText(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return AnswerSigns.Error;
    }

    private static string? ReadWords(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return null;
        }

        using var words = JsonDocument.ParseValue(ref reader);
        var text = words.RootElement.GetRawText();
        return text.Length <= MostWords ? text : text[..MostWords];
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }
}
