using System.Text.Encodings.Web;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>Writes a chat request in the chat completions protocol, and says what the protocol or the model has no exact word for.</summary>
internal static class OpenAiRequestWriter
{
    /// <summary>The protocol takes four stop texts at most.</summary>
    private const int MostStops = 4;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The request, which the caller disposes; <paramref name="expected"/> is how many bytes it is likely to have.</summary>
    public static PooledBytes Write(ModelSnapshot model, ChatRequest request, bool stream, ChangeList changes, int expected = 0)
    {
        var bytes = new PooledBytes(expected);
        using var json = new Utf8JsonWriter(bytes, Options);
        json.WriteStartObject();
        json.WriteString("model"u8, model.Name);
        new OpenAiMessageWriter(json, model, changes).Write(request);
        new OpenAiToolWriter(json, model, changes).Write(request);
        WriteLimits(json, model, request, changes);
        WriteDrawing(json, model, request, changes);
        WriteReasoning(json, model, request, changes);
        if (request.User is { } user && !model.IsRejected("user", changes))
        {
            json.WriteString("user"u8, user);
        }

        WriteFields(json, model, request, changes);
        if (stream)
        {
            WriteStream(json, model.Provider.IncludeUsage);
        }

        json.WriteEndObject();
        json.Flush();
        return bytes;
    }

    private static void WriteLimits(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ChangeList changes)
    {
        if (request.MaxTokens is { } asked)
        {
            // The older name means the same, and servers that only know that one say so in their catalog entry.
            var isOld = model.Rejects.Contains("max_completion_tokens", StringComparer.Ordinal);
            json.WriteNumber(isOld ? "max_tokens"u8 : "max_completion_tokens"u8, model.LimitOf(asked, changes));
        }

        json.WriteStops("stop"u8, model, request, changes, MostStops);

        if (request.Choices > 1)
        {
            json.WriteNumber("n"u8, request.Choices);
        }
    }

    private static void WriteDrawing(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ChangeList changes)
    {
        WriteNumber(json, model, "temperature", request.Temperature, changes);
        WriteNumber(json, model, "top_p", request.TopP, changes);
        WriteNumber(json, model, "presence_penalty", request.PresencePenalty, changes);
        WriteNumber(json, model, "frequency_penalty", request.FrequencyPenalty, changes);
        if (request.TopK is not null)
        {
            changes.Dropped("top_k");
        }

        if (request.Seed is { } seed && !model.IsRejected("seed", changes))
        {
            json.WriteNumber(model.Provider.Quirks.Seed, seed);
        }

        if (request.Logprobs && !model.IsRejected("logprobs", changes))
        {
            json.WriteBoolean("logprobs"u8, value: true);
        }

        if (request.TopLogprobs is { } others && !model.IsRejected("top_logprobs", changes))
        {
            json.WriteNumber("top_logprobs"u8, others);
        }
    }

    private static void WriteReasoning(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ChangeList changes)
    {
        if (EffortOf(model, request.Reasoning, changes) is { } effort)
        {
            json.WriteString("reasoning_effort"u8, effort);
        }
    }

    /// <summary>The word for how much the model shall think, or null when it is not told.</summary>
    internal static string? EffortOf(ModelSnapshot model, Reasoning? asked, ChangeList changes)
    {
        if (asked is not { } wish)
        {
            return null;
        }

        if (!model.Can(Abilities.Effort) || model.Rejects.Contains("reasoning_effort", StringComparer.Ordinal))
        {
            // A model without the ability does not think anyhow; one that does not know the field refuses the request.
            if (wish.Effort != ReasoningEffort.None)
            {
                changes.Dropped("thinking");
            }

            return null;
        }

        var effort = NameOf(wish.Effort);
        if (wish.Budget is { } budget)
        {
            changes.Renamed("thinking.budget_tokens", $"reasoning_effort {effort} for {budget}");
        }
        else if (wish.Effort == ReasoningEffort.Max)
        {
            changes.Renamed("output_config.effort", $"reasoning_effort {effort}");
        }

        return effort;
    }

    private static void WriteFields(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ChangeList changes)
    {
        foreach (var field in request.Fields)
        {
            if (model.IsRejected(field.Name, changes))
            {
                continue;
            }

            if (field is { Protocol: ProviderKind.OpenAi, IsOfChat: true } && !field.Name.Contains('.', StringComparison.Ordinal))
            {
                json.WritePropertyName(field.Name);
                json.WriteRawValue(field.Json, skipInputValidation: true);
            }
            else
            {
                changes.Dropped(field.Name);
            }
        }
    }

    private static void WriteStream(Utf8JsonWriter json, bool includeUsage)
    {
        json.WriteBoolean("stream"u8, value: true);
        if (includeUsage)
        {
            json.WriteStartObject("stream_options"u8);
            json.WriteBoolean("include_usage"u8, value: true);
            json.WriteEndObject();
        }
    }

    internal static void WriteNumber(Utf8JsonWriter json, ModelSnapshot model, string name, double? value, ChangeList changes)
    {
        if (value is { } number && !model.IsRejected(name, changes))
        {
            json.WriteNumber(name, number);
        }
    }

    private static string NameOf(ReasoningEffort effort) => effort switch
    {
        ReasoningEffort.None => "none",
        ReasoningEffort.Minimal => "minimal",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        ReasoningEffort.XHigh or ReasoningEffort.Max => "xhigh",
    };
}
