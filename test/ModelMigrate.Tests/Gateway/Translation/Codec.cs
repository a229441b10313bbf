using System.Buffers;
using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.OpenAi;
using ModelMigrate.Providers.OpenAi.Responses;
using ModelMigrate.Providers.OpenAi.Wires;
using ModelMigrate.Providers.Sse;
using Messages = ModelMigrate.Gateway.Ingress.Anthropic;
using Chat = ModelMigrate.Gateway.Ingress.OpenAi;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>The codecs of both protocols under one name, without a server between them.</summary>
internal static class Codec
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    /// <summary>A model that can do all that translation asks after.</summary>
    public static ModelSnapshot Model(ProviderKind kind, string name = "m", params string[] abilities) => new()
    {
        Id = new ModelId(name), Name = name, Fingerprint = name, Capabilities = abilities,
        Provider = new ProviderSnapshot { Id = new ProviderId("p"), Kind = kind, BaseUrl = new Uri("http://127.0.0.1:1") },
    };

    /// <summary>Scans a body; null with a problem.</summary>
    public static ChatBody? Scan(ProviderKind kind, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return kind == ProviderKind.OpenAi
            ? Chat.Reader.TryRead(bytes, out var chat, out _) ? chat : null
            : Messages.Reader.TryRead(bytes, out var messages, out _) ? messages : null;
    }

    public static ChatRequest Read(ProviderKind kind, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var isRead = kind == ProviderKind.OpenAi
            ? Chat.Translating.Translator.TryTranslate(bytes, out var request, out var error)
            : Messages.Translating.Translator.TryTranslate(bytes, out request, out error);
        Assert.True(isRead, $"{error?.Message}\n{body}");
        return request!;
    }

    public static string Write(ModelSnapshot model, ChatRequest request, ChangeList? changes = null, bool stream = false) => Encoding.UTF8.GetString(
        model.InResponses ? ResponseRequestWriter.Write(model, request, stream, changes ?? new ChangeList()).Span
        : model.Provider.Kind == ProviderKind.OpenAi
            ? OpenAiRequestWriter.Write(model, request, stream, changes ?? new ChangeList()).Span
            : AnthropicRequestWriter.Write(model, request, stream, changes ?? new ChangeList()).Span);

    /// <summary>Writes a whole answer as the gateway does for a client.</summary>
    public static string WriteAnswer(ProviderKind kind, ChatResult result)
    {
        var bytes = new ArrayBufferWriter<byte>();
        if (kind == ProviderKind.OpenAi)
        {
            Chat.Writer.Write(bytes, result, Now);
        }
        else
        {
            Messages.Writer.Write(bytes, result);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Reads a whole answer as an adapter does.</summary>
    public static ChatResult ReadAnswer(ModelCall call, string body)
    {
        if (call.Model.Provider.Kind == ProviderKind.Anthropic)
        {
            return new AnthropicAnswerReader(call).Read(JsonSerializer.Deserialize(body, AnthropicJson.Default.AnthropicWire)!);
        }

        var answer = JsonSerializer.Deserialize(body, OpenAiJson.Default.OpenAiWire)!;
        return new OpenAiAnswerReader(call).Read(answer, answer.Choices![0]!);
    }

    /// <summary>Writes a stream as the gateway does for a client.</summary>
    public static string WriteStream(ProviderKind kind, IEnumerable<ChatDelta> deltas)
    {
        var bytes = new ArrayBufferWriter<byte>();
        if (kind == ProviderKind.OpenAi)
        {
            using var chat = new Chat.StreamWriter(bytes, Now, withUsage: true);
            foreach (var delta in deltas)
            {
                chat.Write(delta);
            }

            chat.WriteEnd();
        }
        else
        {
            using var messages = new Messages.StreamWriter(bytes);
            foreach (var delta in deltas)
            {
                messages.Write(delta);
            }

            messages.WriteEnd();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Reads a stream as an adapter does, in pieces of the given sizes.</summary>
    public static List<ChatDelta> ReadStream(ModelCall call, string events, IReadOnlyList<int> sizes)
    {
        using var buffer = new SseBuffer();
        var deltas = new List<ChatDelta>();
        var chat = new OpenAiAnswerReader(call);
        var messages = new AnthropicAnswerReader(call);
        var bytes = Encoding.UTF8.GetBytes(events);
        for (var (at, i) = (0, 0); at < bytes.Length; i++)
        {
            var size = Math.Min(Math.Min(sizes[i % sizes.Count], bytes.Length - at), buffer.Free().Length);
            bytes.AsMemory(at, size).CopyTo(buffer.Free());
            buffer.Advance(size);
            at += size;
            while (buffer.TryRead(atEnd: at == bytes.Length))
            {
                if (!buffer.Data.IsEmpty && !buffer.Data.SequenceEqual("[DONE]"u8))
                {
                    ReadEvent(call, buffer.Data, chat, messages, deltas);
                }

                buffer.Release();
            }
        }

        return deltas;
    }

    private static void ReadEvent(
        ModelCall call, ReadOnlySpan<byte> data, OpenAiAnswerReader chat, AnthropicAnswerReader messages, List<ChatDelta> into)
    {
        if (call.Model.Provider.Kind == ProviderKind.OpenAi)
        {
            var chunk = new List<ChatDelta>();
            chat.ReadChunk(JsonSerializer.Deserialize(data, OpenAiJson.Default.OpenAiWire)!, chunk);
            into.AddRange(chunk);
        }
        else if (messages.ReadEvent(JsonSerializer.Deserialize(data, AnthropicJson.Default.AnthropicWire)!) is var delta && delta != default)
        {
            into.Add(delta);
        }
    }
}
