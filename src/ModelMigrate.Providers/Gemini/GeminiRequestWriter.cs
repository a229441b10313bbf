using System.Text.Encodings.Web;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.Gemini;

/// <summary>Writes a chat request as generateContent takes it, and says what the protocol or the model has no exact word for.</summary>
internal static class GeminiRequestWriter
{
    /// <summary>The protocol takes five stop texts at most.</summary>
    private const int MostStops = 5;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The request, which the caller disposes; <paramref name="expected"/> is how many bytes it is likely to have.</summary>
    public static PooledBytes Write(ModelSnapshot model, ChatRequest request, ChangeList changes, int expected = 0)
    {
        var bytes = new PooledBytes(expected);
        using var json = new Utf8JsonWriter(bytes, Options);
        json.WriteStartObject();
        new GeminiContentWriter(json, model, changes).Write(request);
        new GeminiToolWriter(json, model, changes).Write(request);
        json.WriteStartObject("generationConfig"u8);
        WriteLimits(json, model, request, changes);
        WriteDrawing(json, model, request, changes);
        WriteFormat(json, model, request, changes);
        WriteThinking(json, model, request, changes);
        json.WriteEndObject();
        changes.DropIf(request.User is not null, "user");

        foreach (var field in request.Fields)
        {
            changes.Dropped(field.Name);
        }

        json.WriteEndObject();
        json.Flush();
        return bytes;
    }

    private static void WriteLimits(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ChangeList changes)
    {
        if (request.MaxTokens is { } asked)
        {
            json.WriteNumber("maxOutputTokens"u8, model.LimitOf(asked, changes));
        }

        json.WriteStops("stopSequences"u8, model, request, changes, MostStops);

        changes.DropIf(request.Choices > 1, "n");
    }

    private static void WriteDrawing(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ChangeList changes)
    {
        WriteNumber(json, model, "temperature", "temperature"u8, request.Temperature, changes);
        WriteNumber(json, model, "top_p", "topP"u8, request.TopP, changes);
        WriteNumber(json, model, "top_k", "topK"u8, request.TopK, changes);
        WriteNumber(json, model, "presence_penalty", "presencePenalty"u8, request.PresencePenalty, changes);
        WriteNumber(json, model, "frequency_penalty", "frequencyPenalty"u8, request.FrequencyPenalty, changes);
        if (request.Seed is { } seed && !model.IsRejected("seed", changes))
        {
            // 32 bits here.
            json.WriteNumber("seed"u8, (int)(seed & int.MaxValue));
        }

        changes.DropIf(request.Logprobs, "logprobs");
        changes.DropIf(request.TopLogprobs is > 0, "top_logprobs");
    }

    private static void WriteFormat(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ChangeList changes)
    {
        if (request.Format is not { } format || model.IsRejected("response_format", changes))
        {
            return;
        }

        json.WriteString("responseMimeType"u8, "application/json"u8);
        if (format.Schema is { } schema)
        {
            json.WritePropertyName("responseJsonSchema"u8);
            json.WriteRawValue(schema, skipInputValidation: true);
        }
    }

    private static void WriteThinking(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ChangeList changes)
    {
        if (request.Reasoning is not { } wish)
        {
            return;
        }

        var takesLevel = model.Can(Abilities.Effort);
        if (!takesLevel && !model.Can(Abilities.ThinkingBudget))
        {
            if (wish.Effort != ReasoningEffort.None)
            {
                changes.Dropped("reasoning_effort");
            }

            return;
        }

        json.WriteStartObject("thinkingConfig"u8);
        if (takesLevel)
        {
            var level = wish.Effort is ReasoningEffort.None or ReasoningEffort.Minimal or ReasoningEffort.Low ? "low" : "high";
            if (wish.Budget is not null || wish.Effort is not (ReasoningEffort.Low or ReasoningEffort.High))
            {
                changes.Renamed(wish.Budget is null ? "reasoning_effort" : "thinking.budget_tokens", $"thinkingLevel {level}");
            }

            json.WriteString("thinkingLevel"u8, level);
        }
        else
        {
            var budget = wish.Budget ?? BudgetOf(wish.Effort);
            if (wish.Budget is null && wish.Effort != ReasoningEffort.None)
            {
                changes.Renamed("reasoning_effort", $"thinkingBudget {budget}");
            }

            json.WriteNumber("thinkingBudget"u8, budget);
        }

        json.WriteBoolean("includeThoughts"u8, wish.Effort != ReasoningEffort.None);
        json.WriteEndObject();
    }

    /// <summary>As the provider's own endpoint of the OpenAI protocol maps efforts.</summary>
    private static int BudgetOf(ReasoningEffort effort) => effort switch
    {
        ReasoningEffort.None => 0,
        ReasoningEffort.Minimal or ReasoningEffort.Low => 1024,
        ReasoningEffort.Medium => 8192,
        ReasoningEffort.High or ReasoningEffort.XHigh or ReasoningEffort.Max => 24576,
    };

    private static void WriteNumber(Utf8JsonWriter json, ModelSnapshot model, string name, ReadOnlySpan<byte> theirs, double? value, ChangeList changes)
    {
        if (value is { } number && !model.IsRejected(name, changes))
        {
            json.WriteNumber(theirs, number);
        }
    }
}
