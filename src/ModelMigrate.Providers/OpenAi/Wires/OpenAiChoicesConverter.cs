using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.OpenAi.Wires;

/// <summary>
/// Reads choices, which every chunk of a stream has, by hand: the serializer keeps a stack of frames for what is nested, which costs more
/// than the reading (<c>TranslationBenchmark</c>). Tool calls, and what stands in an answer once, are left to it.
/// </summary>
internal sealed class OpenAiChoicesConverter : JsonConverter<IReadOnlyList<OpenAiWire.Choice?>>
{
    private static readonly OpenAiContentConverter s_content = new();

    public override IReadOnlyList<OpenAiWire.Choice?> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var choices = new List<OpenAiWire.Choice?>(1);
        Expect(JsonTokenType.StartArray, ref reader);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            choices.Add(reader.TokenType == JsonTokenType.Null ? null : ReadChoice(ref reader));
        }

        return choices;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<OpenAiWire.Choice?> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Answers of providers are read, never written.");

    private static OpenAiWire.Choice ReadChoice(ref Utf8JsonReader reader)
    {
        var choice = new OpenAiWire.Choice();
        Expect(JsonTokenType.StartObject, ref reader);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("delta"u8))
            {
                choice.Delta = Next(ref reader) ? ReadMessage(ref reader) : null;
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                choice.Message = Next(ref reader) ? ReadMessage(ref reader) : null;
            }
            else if (reader.ValueTextEquals("finish_reason"u8))
            {
                choice.FinishReason = Next(ref reader) ? reader.GetString() : null;
            }
            else if (reader.ValueTextEquals("stop_reason"u8))
            {
                choice.StopReason = Next(ref reader) ? JsonElement.ParseValue(ref reader) : null;
            }
            else if (reader.ValueTextEquals("logprobs"u8))
            {
                choice.Logprobs = Next(ref reader) ? JsonElement.ParseValue(ref reader) : null;
            }
            else
            {
                reader.Skip();
            }
        }

        return choice;
    }

    private static OpenAiWire.Message ReadMessage(ref Utf8JsonReader reader)
    {
        var message = new OpenAiWire.Message();
        Expect(JsonTokenType.StartObject, ref reader);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("content"u8))
            {
                message.Content = Next(ref reader) ? s_content.Read(ref reader, typeof(string), OpenAiJson.Default.Options) : null;
            }
            else if (reader.ValueTextEquals("tool_calls"u8))
            {
                message.ToolCalls = Next(ref reader) ? JsonSerializer.Deserialize(ref reader, OpenAiJson.Default.IReadOnlyListCall) : null;
            }
            else if (reader.ValueTextEquals("refusal"u8))
            {
                message.Refusal = Next(ref reader) ? reader.GetString() : null;
            }
            else if (reader.ValueTextEquals("reasoning_content"u8))
            {
                message.ReasoningContent = Next(ref reader) ? reader.GetString() : null;
            }
            else if (reader.ValueTextEquals("reasoning"u8))
            {
                message.Reasoning = Next(ref reader) ? reader.GetString() : null;
            }
            else if (reader.ValueTextEquals("annotations"u8))
            {
                message.Annotations = Next(ref reader) ? JsonElement.ParseValue(ref reader) : null;
            }
            else if (reader.ValueTextEquals("audio"u8))
            {
                message.Audio = Next(ref reader) ? JsonElement.ParseValue(ref reader) : null;
            }
            else
            {
                reader.Skip();
            }
        }

        return message;
    }

    /// <summary>Moves to a property's value; false when it is null.</summary>
    private static bool Next(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType != JsonTokenType.Null;

    private static void Expect(JsonTokenType token, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != token)
        {
            throw new JsonException($"{reader.TokenType} where {token} was expected");
        }
    }
}
