using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Providers.Probing;

/// <summary>Reads what providers say of a model, each in words of its own, out of a list or a description.</summary>
internal static class ModelInfoReader
{
    /// <summary>OpenRouter and Groq, vLLM, Mistral, LM Studio, Gemini, TGI, Anthropic, llama.cpp.</summary>
    private static readonly string[] s_context =
    [
        "context_length", "context_window", "max_model_len", "max_context_length", "loaded_context_length", "inputTokenLimit", "max_total_tokens",
        "max_input_tokens", "n_ctx_train",
    ];

    /// <summary>Groq and OpenRouter, Gemini, Anthropic.</summary>
    private static readonly string[] s_output = ["max_completion_tokens", "outputTokenLimit", "max_tokens"];

    private static readonly string[] s_names = ["id", "name", "model_id", "modelId", "model"];

    /// <summary>The model's entry. A server that knows one model takes it by any name, so the only one stands for all.</summary>
    public static ModelInfo? Find(JsonElement root, string name)
    {
        var entries = EntriesOf(root);
        var found = entries.FirstOrDefault(entry => string.Equals(NameOf(entry), name, StringComparison.Ordinal));
        var entry = found.ValueKind == JsonValueKind.Object ? found : entries is [var only] ? only : default;
        return entry.ValueKind != JsonValueKind.Object ? null : new ModelInfo
        {
            Name = NameOf(entry) ?? name,
            ContextLength = Number(entry, s_context) ?? Number(Group(entry, "meta"), s_context),
            MaxOutputTokens = Number(entry, s_output) ?? Number(Group(entry, "top_provider"), s_output),
            InputCostPer1K = Price(entry, "prompt"),
            OutputCostPer1K = Price(entry, "completion"),
        };
    }

    private static List<JsonElement> EntriesOf(JsonElement root)
    {
        var list = root.ValueKind == JsonValueKind.Array ? root : Member(root, "data") ?? Member(root, "models") ?? Member(root, "modelSummaries") ?? default;
        return list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object)]
            : root.ValueKind == JsonValueKind.Object ? [Group(root, "modelDetails") is { ValueKind: JsonValueKind.Object } details ? details : root]
            : [];
    }

    private static string? NameOf(JsonElement entry)
    {
        foreach (var word in s_names)
        {
            if (Member(entry, word) is { ValueKind: JsonValueKind.String } name)
            {
                var text = name.GetString()!;
                return text.StartsWith("models/", StringComparison.Ordinal) ? text["models/".Length..] : text;
            }
        }

        return null;
    }

    private static int? Number(JsonElement entry, string[] words)
    {
        foreach (var word in words)
        {
            if (Member(entry, word) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) && value > 0)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>OpenRouter tells dollars per token, as text.</summary>
    private static decimal? Price(JsonElement entry, string what) =>
        Member(Group(entry, "pricing"), what) is { ValueKind: JsonValueKind.String } text
        && decimal.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var price) && price >= 0 ? price * 1000 : null;

    private static JsonElement Group(JsonElement entry, string name) => Member(entry, name) ?? default;

    private static JsonElement? Member(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out var value) ? value : null;
}
