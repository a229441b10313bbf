using System.Text.Encodings.Web;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.Bedrock;

/// <summary>Writes a chat request as Converse takes it, and says what the protocol or the model has no exact word for.</summary>
internal static class BedrockRequestWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The request, which the caller disposes; <paramref name="expected"/> is how many bytes it is likely to have.</summary>
    public static PooledBytes Write(ModelSnapshot model, ChatRequest request, ChangeList changes, int expected = 0)
    {
        var bytes = new PooledBytes(expected);
        using var json = new Utf8JsonWriter(bytes, Options);
        var thinking = Thinking(model, request, changes);
        json.WriteStartObject();
        new BedrockContentWriter(json, model, changes).Write(request);
        WriteInference(json, model, request, thinking, changes);
        new BedrockToolWriter(json, model, changes).Write(request);
        WriteAdditional(json, model, request, thinking, changes);
        if (request.User is { } user && !user.All(IsMetadata))
        {
            changes.Dropped("user");
        }
        else if (request.User is not null && !IsRejected(model, "user", changes))
        {
            json.WriteStartObject("requestMetadata"u8);
            json.WriteString("user"u8, request.User);
            json.WriteEndObject();
        }

        foreach (var field in request.Fields)
        {
            changes.Dropped(field.Name);
        }

        json.WriteEndObject();
        json.Flush();
        return bytes;
    }

    /// <summary>Only Claude is told to think, in its maker's words.</summary>
    private static ThinkingPlan Thinking(ModelSnapshot model, ChatRequest request, ChangeList changes)
    {
        if (IsClaude(model))
        {
            return ThinkingPlan.Of(model, request, request.MaxTokens ?? model.MaxOutputTokens ?? AnthropicRequestWriter.DefaultMaxTokens, changes);
        }

        Drop(changes, "reasoning_effort", request.Reasoning is { Effort: not ReasoningEffort.None });
        return default;
    }

    private static bool IsClaude(ModelSnapshot model) => string.Equals(model.Family, "claude", StringComparison.Ordinal);

    private static void WriteInference(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ThinkingPlan thinking, ChangeList changes)
    {
        json.WriteStartObject("inferenceConfig"u8);
        if ((request.MaxTokens ?? (thinking.Budget is null ? null : AnthropicRequestWriter.DefaultMaxTokens)) is { } asked)
        {
            var limit = model.MaxOutputTokens is { } most && asked > most ? most : asked;
            if (limit != asked)
            {
                changes.Clamped("max_tokens", asked, limit);
            }

            json.WriteNumber("maxTokens"u8, limit);
        }

        if (request.Temperature is { } temperature && !IsRejected(model, "temperature", changes))
        {
            var taken = thinking.IsOn ? 1 : Math.Clamp(temperature, 0, 1);
            if (taken != temperature)
            {
                changes.Clamped("temperature", temperature, taken);
            }

            json.WriteNumber("temperature"u8, taken);
        }

        if (request.TopP is { } topP && !IsRejected(model, "top_p", changes))
        {
            json.WriteNumber("topP"u8, topP);
        }

        if (request.Stop.Count > 0 && !IsRejected(model, "stop", changes))
        {
            json.WriteStartArray("stopSequences"u8);
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        Drop(changes, "presence_penalty", request.PresencePenalty is not (null or 0));
        Drop(changes, "frequency_penalty", request.FrequencyPenalty is not (null or 0));
        Drop(changes, "seed", request.Seed is not null);
        Drop(changes, "n", request.Choices > 1);
        Drop(changes, "logprobs", request.Logprobs);
        Drop(changes, "top_logprobs", request.TopLogprobs is > 0);
    }

    /// <summary>What only models of one maker take goes in the maker's own words.</summary>
    private static void WriteAdditional(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ThinkingPlan thinking, ChangeList changes)
    {
        var topK = IsClaude(model) && !thinking.IsOn && request.TopK is { } wanted && !IsRejected(model, "top_k", changes) ? wanted : (int?)null;
        Drop(changes, "top_k", request.TopK is not null && topK is null && !model.Rejects.Contains("top_k", StringComparer.Ordinal));
        if (topK is null && !thinking.IsOn)
        {
            return;
        }

        json.WriteStartObject("additionalModelRequestFields"u8);
        if (topK is { } number)
        {
            json.WriteNumber("top_k"u8, number);
        }

        if (thinking.Budget is { } budget)
        {
            json.WriteStartObject("thinking"u8);
            json.WriteString("type"u8, "enabled"u8);
            json.WriteNumber("budget_tokens"u8, budget);
            json.WriteEndObject();
        }
        else if (thinking.Effort is { } effort)
        {
            json.WriteStartObject("output_config"u8);
            json.WriteString("effort"u8, effort);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>A value with any other character is refused, and the request with it.</summary>
    private static bool IsMetadata(char c) => char.IsAsciiLetterOrDigit(c) || " :_@$#=/+,-.".Contains(c, StringComparison.Ordinal);

    private static void Drop(ChangeList changes, string field, bool isSaid)
    {
        if (isSaid)
        {
            changes.Dropped(field);
        }
    }

    internal static bool IsRejected(ModelSnapshot model, string field, ChangeList changes) => AnthropicRequestWriter.IsRejected(model, field, changes);
}
