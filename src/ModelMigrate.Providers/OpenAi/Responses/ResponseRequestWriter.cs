using System.Text.Encodings.Web;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.OpenAi.Responses;

/// <summary>Writes a chat request in the responses protocol, and says what the protocol or the model has no exact word for.</summary>
internal static class ResponseRequestWriter
{
    /// <summary>The provider refuses a lower limit.</summary>
    private const int LeastTokens = 16;

    /// <summary>The word for state that the client keeps, because the provider keeps nothing.</summary>
    private const string State = "reasoning.encrypted_content";

    /// <summary>Fields of chat that mean the same here.</summary>
    private static readonly string[] s_ofBoth = ["service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "metadata"];

    /// <summary>Fields whose words stand inside another field, and are written with it.</summary>
    private static readonly string[] s_inside = [ResponseToolWriter.Verbosity, "reasoning.summary", "include"];

    /// <summary>Nothing is kept for an answer that is translated, none is waited for, and none has probabilities.</summary>
    private static readonly string[] s_never = ["store", "background", "top_logprobs"];

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static PooledBytes Write(ModelSnapshot model, ChatRequest request, bool stream, ChangeList changes, int expected = 0)
    {
        var bytes = new PooledBytes(expected);
        using var json = new Utf8JsonWriter(bytes, Options);
        json.WriteStartObject();
        json.WriteString("model"u8, model.Name);
        new ResponseItemWriter(json, model, changes).Write(request);
        new ResponseToolWriter(json, model, changes).Write(request);
        WriteLimits(json, model, request, changes);
        WriteReasoning(json, model, request, changes);
        if (request.User is { } user && !model.IsRejected("user", changes))
        {
            json.WriteString("user"u8, user);
        }

        WriteFields(json, model, request, changes);
        ReportUnsaid(request, changes);
        json.WriteBoolean("store"u8, value: false);
        if (stream)
        {
            json.WriteBoolean("stream"u8, value: true);
        }

        json.WriteEndObject();
        json.Flush();
        return bytes;
    }

    private static void WriteLimits(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ChangeList changes)
    {
        if (request.MaxTokens is { } asked)
        {
            json.WriteNumber("max_output_tokens"u8, model.LimitOf(asked, changes, LeastTokens));
        }

        OpenAiRequestWriter.WriteNumber(json, model, "temperature", request.Temperature, changes);
        OpenAiRequestWriter.WriteNumber(json, model, "top_p", request.TopP, changes);
    }

    /// <summary>How much is thought, and that the state of it comes along: a model that does not think refuses to be asked for it.</summary>
    private static void WriteReasoning(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ChangeList changes)
    {
        var effort = OpenAiRequestWriter.EffortOf(model, request.Reasoning, changes);
        var summary = Find(request, "reasoning.summary");
        if (effort is not null || summary is not null)
        {
            json.WriteStartObject("reasoning"u8);
            if (effort is not null)
            {
                json.WriteString("effort"u8, effort);
            }

            if (summary is not null)
            {
                json.WritePropertyName("summary"u8);
                json.WriteRawValue(summary, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        var include = Find(request, "include");
        if (model.Can(Abilities.Effort) || include is not null)
        {
            WriteInclude(json, include, model.Can(Abilities.Effort));
        }
    }

    private static void WriteInclude(Utf8JsonWriter json, string? asked, bool withState)
    {
        using var list = JsonDocument.Parse(asked ?? "[]");
        string[] items = list.RootElement.ValueKind == JsonValueKind.Array ? [.. list.RootElement.EnumerateArray().Select(item => item.GetRawText())] : [];
        json.WriteStartArray("include"u8);
        foreach (var item in withState ? items.Append($"\"{State}\"").Distinct(StringComparer.Ordinal) : items)
        {
            json.WriteRawValue(item, skipInputValidation: true);
        }

        json.WriteEndArray();
    }

    private static void WriteFields(Utf8JsonWriter json, ModelSnapshot model, ChatRequest request, ChangeList changes)
    {
        foreach (var field in request.Fields)
        {
            if (model.IsRejected(field.Name, changes) || (field.Protocol == ProviderKind.OpenAi && s_inside.Contains(field.Name, StringComparer.Ordinal)))
            {
                continue;
            }

            if (IsSaid(field))
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

    private static bool IsSaid(ForeignField field) =>
        field.Protocol == ProviderKind.OpenAi && (field.IsOfChat
            ? s_ofBoth.Contains(field.Name, StringComparer.Ordinal)
            : !s_never.Contains(field.Name, StringComparer.Ordinal) && !field.Name.Contains('.', StringComparison.Ordinal));

    /// <summary>What chat has a word for, and this protocol has none.</summary>
    private static void ReportUnsaid(ChatRequest request, ChangeList changes)
    {
        ReadOnlySpan<(string Field, bool IsAsked)> unsaid =
        [
            ("stop", request.Stop.Count > 0), ("seed", request.Seed is not null), ("top_k", request.TopK is not null), ("n", request.Choices > 1),
            ("presence_penalty", request.PresencePenalty is not null), ("frequency_penalty", request.FrequencyPenalty is not null),
            ("logprobs", request.Logprobs), ("top_logprobs", request.TopLogprobs is > 0),
        ];
        foreach (var (field, isAsked) in unsaid)
        {
            if (isAsked)
            {
                changes.Dropped(field);
            }
        }
    }

    /// <summary>The JSON of a field that only this vendor's protocols have, or null.</summary>
    internal static string? Find(ChatRequest request, string name) =>
        request.Fields.FirstOrDefault(field => field.Protocol == ProviderKind.OpenAi && string.Equals(field.Name, name, StringComparison.Ordinal))?.Json;
}
