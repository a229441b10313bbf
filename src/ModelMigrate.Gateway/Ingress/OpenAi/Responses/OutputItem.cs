using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Responses;

/// <summary>One item of a response's output as it grows: what the model thought, said or calls.</summary>
/// <param name="what">Which of them.</param>
/// <param name="id">The item's id.</param>
internal sealed class OutputItem(OutputItem.Kind what, string id)
{
    private readonly StringBuilder _text = new();

    public Kind What => what;

    public string Id => id;

    /// <summary>Whether what a message says is a refusal.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>Ties a call to its result.</summary>
    public string CallId { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>What a thinking model needs back.</summary>
    public OpaqueState? State { get; set; }

    public bool IsClosed { get; set; }

    /// <summary>The thinking, words or arguments so far.</summary>
    public string Text => _text.ToString();

    public bool HasText => _text.Length > 0;

    public OutputItem Append(string? text)
    {
        _text.Append(text);
        return this;
    }

    /// <summary>Writes the item; one that has only begun is written without its text.</summary>
    public void WriteTo(Utf8JsonWriter json, bool hasBegunOnly)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        switch (what)
        {
            case Kind.Thinking:
                json.WriteString("type"u8, "reasoning"u8);
                WriteThinking(json, hasBegunOnly);
                break;
            case Kind.Message:
                json.WriteString("type"u8, "message"u8);
                json.WriteString("status"u8, hasBegunOnly ? "in_progress"u8 : "completed"u8);
                json.WriteString("role"u8, "assistant"u8);
                json.WriteStartArray("content"u8);
                if (!hasBegunOnly)
                {
                    WritePart(json, Text);
                }

                json.WriteEndArray();
                break;
            case Kind.Call:
                json.WriteString("type"u8, "function_call"u8);
                json.WriteString("status"u8, hasBegunOnly ? "in_progress"u8 : "completed"u8);
                json.WriteString("call_id"u8, CallId);
                json.WriteString("name"u8, Name);
                json.WriteString("arguments"u8, hasBegunOnly ? "" : Text);
                break;
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the one part of a message, or of a thinking's summary.</summary>
    public void WritePart(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        if (what == Kind.Thinking)
        {
            json.WriteString("type"u8, "summary_text"u8);
            json.WriteString("text"u8, text);
        }
        else if (IsRefusal)
        {
            json.WriteString("type"u8, "refusal"u8);
            json.WriteString("refusal"u8, text);
        }
        else
        {
            json.WriteString("type"u8, "output_text"u8);
            json.WriteString("text"u8, text);
            json.WriteStartArray("annotations"u8);
            json.WriteEndArray();
            json.WriteStartArray("logprobs"u8);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void WriteThinking(Utf8JsonWriter json, bool hasBegunOnly)
    {
        json.WriteStartArray("summary"u8);
        if (!hasBegunOnly && HasText)
        {
            WritePart(json, Text);
        }

        json.WriteEndArray();
        if (!hasBegunOnly && State is { } state)
        {
            json.WriteString("encrypted_content"u8, state.Tagged);
        }
    }

    /// <summary>What an item is.</summary>
    internal enum Kind
    {
        Thinking,
        Message,
        Call,
    }
}
