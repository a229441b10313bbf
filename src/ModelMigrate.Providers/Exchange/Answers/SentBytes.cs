using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.OpenAi;
using ModelMigrate.Providers.OpenAi.Responses;
using ModelMigrate.Providers.OpenAi.Wires;
using ModelMigrate.Providers.Sse;

namespace ModelMigrate.Providers.Exchange.Answers;

/// <summary>Reads what passed through to a client, in its protocol, into the neutral language.</summary>
internal static class SentBytes
{
    private static readonly ChatRequest s_any = new() { Turns = [] };

    /// <summary>Hands over a whole answer, or every event of a stream; false when something does not follow the protocol.</summary>
    public static bool TryRead(ChatBody body, ModelSnapshot model, ReadOnlyMemory<byte> bytes, Action<ChatDelta> onDelta, Action<ChatResult> onResult)
    {
        try
        {
            var call = new ModelCall { Model = model, Request = s_any };
            if (body.Operation == Operation.Responses)
            {
                ReadResponse(new ResponseAnswerReader(call), bytes, body.Stream, onDelta, onResult);
            }
            else if (body.Operation == Operation.Completion)
            {
                ReadCompletion(bytes, body.Stream, onDelta);
            }
            else if (body.Protocol == ProviderKind.OpenAi)
            {
                ReadOpenAi(new OpenAiAnswerReader(call), bytes.Span, body.Stream, onDelta, onResult);
            }
            else
            {
                ReadAnthropic(new AnthropicAnswerReader(call), bytes.Span, body.Stream, onDelta, onResult);
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void ReadResponse(ResponseAnswerReader reader, ReadOnlyMemory<byte> bytes, bool stream, Action<ChatDelta> onDelta, Action<ChatResult> onResult)
    {
        if (!stream)
        {
            using var answer = JsonDocument.Parse(bytes);
            onResult(reader.Read(answer.RootElement));
            return;
        }

        using var events = new SseBuffer();
        foreach (var data in Events(events, bytes.Span))
        {
            using var next = JsonDocument.Parse(data);
            onDelta(reader.ReadEvent(next.RootElement));
        }
    }

    private static void ReadCompletion(ReadOnlyMemory<byte> bytes, bool stream, Action<ChatDelta> onDelta)
    {
        if (!stream)
        {
            using var answer = JsonDocument.Parse(bytes);
            onDelta(FirstOf(answer.RootElement) ?? throw new JsonException("no choice"));
            return;
        }

        using var events = new SseBuffer();
        foreach (var data in Events(events, bytes.Span))
        {
            using var chunk = JsonDocument.Parse(data);
            onDelta(FirstOf(chunk.RootElement) ?? default);
        }
    }

    /// <summary>What a completion says of its first choice. Choices of a stream come in any order, each with its number.</summary>
    private static ChatDelta? FirstOf(JsonElement completion)
    {
        foreach (var choice in completion.TryGetProperty("choices"u8, out var choices) ? choices.EnumerateArray() : default)
        {
            if (!choice.TryGetProperty("index"u8, out var index) || (index.ValueKind == JsonValueKind.Number && index.GetDouble() == 0))
            {
                return new ChatDelta
                {
                    Text = choice.TryGetProperty("text"u8, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null,
                    Finish = choice.TryGetProperty("finish_reason"u8, out var finish) && finish.ValueKind == JsonValueKind.String && finish.ValueEquals("content_filter"u8) ? FinishReason.ContentFilter : null,
                };
            }
        }

        return null;
    }

    private static void ReadOpenAi(OpenAiAnswerReader reader, ReadOnlySpan<byte> bytes, bool stream, Action<ChatDelta> onDelta, Action<ChatResult> onResult)
    {
        if (!stream)
        {
            var answer = JsonSerializer.Deserialize(bytes, OpenAiJson.Default.OpenAiWire);
            onResult(answer is { Choices: [{ Message: not null } choice, ..] } ? reader.Read(answer, choice) : throw new JsonException("no choice"));
            return;
        }

        var deltas = new List<ChatDelta>();
        using var events = new SseBuffer();
        foreach (var data in Events(events, bytes))
        {
            deltas.Clear();
            reader.ReadChunk(JsonSerializer.Deserialize(data.Span, OpenAiJson.Default.OpenAiWire)!, deltas);
            deltas.ForEach(onDelta);
        }
    }

    private static void ReadAnthropic(AnthropicAnswerReader reader, ReadOnlySpan<byte> bytes, bool stream, Action<ChatDelta> onDelta, Action<ChatResult> onResult)
    {
        if (!stream)
        {
            var answer = JsonSerializer.Deserialize(bytes, AnthropicJson.Default.AnthropicWire);
            onResult(answer is { Content: not null, StopReason: not null } ? reader.Read(answer) : throw new JsonException("no message"));
            return;
        }

        using var events = new SseBuffer();
        foreach (var data in Events(events, bytes))
        {
            onDelta(reader.ReadEvent(JsonSerializer.Deserialize(data.Span, AnthropicJson.Default.AnthropicWire)!));
        }
    }

    /// <summary>The data of every event but the end mark.</summary>
    private static List<ReadOnlyMemory<byte>> Events(SseBuffer events, ReadOnlySpan<byte> bytes)
    {
        var all = new List<ReadOnlyMemory<byte>>();
        while (!bytes.IsEmpty)
        {
            var free = events.Free().Span;
            var taken = Math.Min(free.Length, bytes.Length);
            bytes[..taken].CopyTo(free);
            events.Advance(taken);
            bytes = bytes[taken..];
            while (events.TryRead(atEnd: bytes.IsEmpty))
            {
                if (!events.Data.IsEmpty && !events.Data.SequenceEqual("[DONE]"u8))
                {
                    all.Add(events.Data.ToArray());
                }

                events.Release();
            }
        }

        return all;
    }
}
