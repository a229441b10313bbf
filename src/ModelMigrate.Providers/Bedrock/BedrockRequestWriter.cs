using System.Text.Encodings.Web;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Json;

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
        else if (request.User is not null && !model.IsRejected("user", changes))
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

        changes.DropIf(request.Reasoning is { Effort: not ReasoningEffort.None }, "reasoning_effort");
        return default;
    }

    private static bool IsClaude(ModelSnapshot model) => string.Equals(model.Family, "claude", StringComparison.Ordinal);

    private static void WriteInference(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ThinkingPlan thinking, ChangeList changes)
    {
        json.WriteStartObject("inferenceConfig"u8);
        if ((request.MaxTokens ?? (thinking.Budget is null ? null : AnthropicRequestWriter.DefaultMaxTokens)) is { } asked)
        {
            json.WriteNumber("maxTokens"u8, model.LimitOf(asked, changes));
        }

        if (request.Temperature is { } temperature && !model.IsRejected("temperature", changes))
        {
            var taken = thinking.IsOn ? 1 : Math.Clamp(temperature, 0, 1);
            if (taken != temperature)
            {
                changes.Clamped("temperature", temperature, taken);
            }

            json.WriteNumber("temperature"u8, taken);
        }

        if (request.TopP is { } topP && !model.IsRejected("top_p", changes))
        {
            json.WriteNumber("topP"u8, topP);
        }

        json.WriteStops("stopSequences"u8, model, request, changes);

        json.WriteEndObject();
        changes.DropUnknownDrawing(request);
    }

    /// <summary>What only models of one maker take goes in the maker's own words.</summary>
    private static void WriteAdditional(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ThinkingPlan thinking, ChangeList changes)
    {
        var topK = IsClaude(model) && !thinking.IsOn && request.TopK is { } wanted && !model.IsRejected("top_k", changes) ? wanted : (int?)null;
        changes.DropIf(request.TopK is not null && topK is null && !model.Rejects.Contains("top_k", StringComparer.Ordinal), "top_k");
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
}
