using System.Buffers;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.OpenAi;
using ModelMigrate.Providers.OpenAi.Wires;
using Chat = ModelMigrate.Gateway.Ingress.OpenAi;
using Messages = ModelMigrate.Gateway.Ingress.Anthropic;

namespace ModelMigrate.Benchmarks.Micro;

/// <summary>What one event of a translated stream costs on its way: read from one protocol, written in the other.</summary>
[MemoryDiagnoser]
public class TranslationBenchmark : IDisposable
{
    private readonly byte[] _chunk = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-B9hn3pyXhYJqHU","object":"chat.completion.chunk","created":1767225600,"model":"gpt-5-mini-2025-08-07","service_tier":"default","choices":[{"index":0,"delta":{"content":"a piece of text "},"logprobs":null,"finish_reason":null}],"usage":null}""");

    private readonly byte[] _event = Encoding.UTF8.GetBytes(
        """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a piece of text "}}""");

    private readonly ArrayBufferWriter<byte> _out = new(64 * 1024);
    private readonly List<ChatDelta> _deltas = [];
    private readonly ChatDelta _piece = new() { Id = "chatcmpl-B9hn3pyXhYJqHU", Model = "gpt-5-mini-2025-08-07", Text = "a piece of text " };
    private OpenAiAnswerReader _chat = null!;
    private AnthropicAnswerReader _messages = null!;
    private Chat.StreamWriter _chatOut = null!;
    private Messages.StreamWriter _messagesOut = null!;

    [GlobalSetup]
    public void Begin()
    {
        _chat = new OpenAiAnswerReader(Call(ProviderKind.OpenAi));
        _messages = new AnthropicAnswerReader(Call(ProviderKind.Anthropic));
        _chatOut = new Chat.StreamWriter(_out, DateTimeOffset.UnixEpoch, withUsage: false);
        _messagesOut = new Messages.StreamWriter(_out);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _chatOut.Dispose();
        _messagesOut.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public int ReadChat()
    {
        _deltas.Clear();
        _chat.ReadChunk(JsonSerializer.Deserialize(_chunk, OpenAiJson.Default.OpenAiWire)!, _deltas);
        return _deltas.Count;
    }

    [Benchmark]
    public bool ReadMessages() => _messages.ReadEvent(JsonSerializer.Deserialize(_event, AnthropicJson.Default.AnthropicWire)!).HasContent;

    [Benchmark]
    public int WriteChat()
    {
        _out.ResetWrittenCount();
        _chatOut.Write(_piece);
        return _out.WrittenCount;
    }

    [Benchmark]
    public int WriteMessages()
    {
        _out.ResetWrittenCount();
        _messagesOut.Write(_piece);
        return _out.WrittenCount;
    }

    private static ModelCall Call(ProviderKind kind) => new()
    {
        Model = new ModelSnapshot
        {
            Id = new ModelId("m"), Name = "m", Fingerprint = "m",
            Provider = new ProviderSnapshot { Id = new ProviderId("p"), Kind = kind, BaseUrl = new Uri("http://127.0.0.1:1") },
        },
        Request = new ChatRequest { Turns = [] },
        Changes = new ChangeList(),
    };
}
