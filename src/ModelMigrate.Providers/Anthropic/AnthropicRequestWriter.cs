using System.Text.Encodings.Web;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>Writes a chat request in the messages protocol, and says what the protocol or the model has no exact word for.</summary>
internal static class AnthropicRequestWriter
{
    /// <summary>The protocol demands a limit; this one is sent when neither the client nor the catalog names one.</summary>
    public const int DefaultMaxTokens = 4096;

    /// <summary>Tokens: longer than any thinking that is asked for.</summary>
    private const int NoLimit = 1 << 20;

    private const string Metadata = "metadata.";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The request, which the caller disposes; <paramref name="expected"/> is how many bytes it is likely to have.</summary>
    public static PooledBytes Write(ModelSnapshot model, ChatRequest request, bool stream, ChangeList changes, int expected = 0)
    {
        var bytes = new PooledBytes(expected);
        using var json = new Utf8JsonWriter(bytes, Options);
        var maxTokens = model.LimitOf(request.MaxTokens ?? model.MaxOutputTokens ?? DefaultMaxTokens, changes);
        var thinking = ThinkingPlan.Of(model, request, maxTokens, changes);
        json.WriteStartObject();
        if (model.Provider.Google is null)
        {
            json.WriteString("model"u8, model.Name);
        }
        else
        {
            json.WriteString("anthropic_version"u8, AnthropicProtocol.VertexVersion);
        }

        json.WriteNumber("max_tokens"u8, maxTokens);
        new AnthropicMessageWriter(json, model, changes).Write(request);
        new AnthropicToolWriter(json, model, changes).Write(request, thinking);
        json.WriteStops("stop_sequences"u8, model, request, changes);
        WriteDrawing(json, model, request, thinking, changes);
        WriteUser(json, model, request, changes);
        if (stream)
        {
            json.WriteBoolean("stream"u8, value: true);
        }

        WriteFields(json, request, changes);
        json.WriteEndObject();
        json.Flush();
        return bytes;
    }

    /// <summary>The prompt alone, as a count of its tokens takes it: the provider refuses a limit, and how to draw, there. The caller disposes it.</summary>
    public static PooledBytes WriteCount(ModelSnapshot model, ChatRequest request, ChangeList changes, int expected = 0)
    {
        var bytes = new PooledBytes(expected);
        using var json = new Utf8JsonWriter(bytes, Options);
        json.WriteStartObject();
        json.WriteString("model"u8, model.Name);
        new AnthropicMessageWriter(json, model, changes).Write(request);
        new AnthropicToolWriter(json, model, changes).Write(request, ThinkingPlan.Of(model, request, NoLimit, changes));
        WriteFields(json, request, changes);
        json.WriteEndObject();
        json.Flush();
        return bytes;
    }

    /// <summary>How the next token is drawn. A model that thinks takes no word on it.</summary>
    private static void WriteDrawing(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ThinkingPlan thinking, ChangeList changes)
    {
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
            if (thinking.IsOn && topP < 0.95)
            {
                changes.Clamped("top_p", topP, 0.95);
            }

            json.WriteNumber("top_p"u8, thinking.IsOn ? Math.Max(topP, 0.95) : topP);
        }

        if (request.TopK is { } topK && !model.IsRejected("top_k", changes))
        {
            if (thinking.IsOn)
            {
                changes.Dropped("top_k");
            }
            else
            {
                json.WriteNumber("top_k"u8, topK);
            }
        }

        changes.DropUnknownDrawing(request);
    }

    private static void WriteUser(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ChangeList changes)
    {
        var user = request.User is not null && model.IsRejected("user", changes) ? null : request.User;
        var others = request.Fields.Where(IsMetadata).ToList();
        if (user is null && others.Count == 0)
        {
            return;
        }

        json.WriteStartObject("metadata"u8);
        if (user is not null)
        {
            json.WriteString("user_id"u8, user);
        }

        foreach (var other in others)
        {
            json.WritePropertyName(other.Name[Metadata.Length..]);
            json.WriteRawValue(other.Json, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, ChatRequest request, ChangeList changes)
    {
        foreach (var field in request.Fields)
        {
            if (IsMetadata(field))
            {
                continue;
            }

            if (field.Protocol == ProviderKind.Anthropic && !field.Name.Contains('.', StringComparison.Ordinal))
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

    private static bool IsMetadata(ForeignField field) =>
        field.Protocol == ProviderKind.Anthropic && field.Name.StartsWith(Metadata, StringComparison.Ordinal);
}
