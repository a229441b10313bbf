using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange.Answers;
using ModelMigrate.Providers.Sse;

namespace ModelMigrate.Providers.Exchange.Resuming;

/// <summary>
/// Stands before a client whose stream may have to be resumed, and remembers what it was sent: its text, and whether that is all it was.
/// Has one owner, the exchange.
/// </summary>
internal sealed class SentAnswer(ExchangeClient client) : ExchangeClient, IDisposable
{
    private readonly SseBuffer _events = new();
    private readonly StringBuilder _text = new();

    /// <summary>Items that are thinking and show nothing, which stand before the text.</summary>
    private readonly List<string> _thinking = [];

    private string? _id;
    private string? _model;
    private long? _createdAt;

    /// <summary>The item that text stands in, in a protocol that has them.</summary>
    private string? _itemId;
    private int _nextEvent;
    private bool _isPlain = true;
    private bool _hasEnded;

    /// <summary>Text that the client has, of the answer's one choice.</summary>
    public string Text => _text.ToString();

    /// <summary>Events with text; each holds a token at least.</summary>
    public int Pieces { get; private set; }

    /// <summary>Whether a provider's own bytes were sent.</summary>
    public bool IsBytes { get; private set; }

    /// <summary>Whether the client has plain text and nothing else, and waits for more.</summary>
    public bool IsOpenText => _isPlain && !_hasEnded && _text.Length > 0;

    public override bool TryTranslate(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatRequest? translated, out ChatError? error) =>
        client.TryTranslate(body, out translated, out error);

    public override ValueTask CommitAsync(AnswerHead head, CancellationToken cancellation) => client.CommitAsync(head, cancellation);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        Remember(bytes.Span);
        return client.WriteAsync(bytes, cancellation);
    }

    public override ValueTask FlushAsync(CancellationToken cancellation) => client.FlushAsync(cancellation);

    public override void Write(ChatDelta delta)
    {
        _isPlain &= string.IsNullOrEmpty(delta.Refusal) && string.IsNullOrEmpty(delta.Thinking) && delta.State is null && delta.ToolCall is null;
        _hasEnded |= delta.Finish is not null;
        Add(delta.Text);
        client.Write(delta);
    }

    public override ValueTask WriteAsync(ChatResult result, CancellationToken cancellation)
    {
        _isPlain = false;
        return client.WriteAsync(result, cancellation);
    }

    public override void Continue(BegunAnswer begun) => client.Continue(begun);

    /// <summary>Lets events follow, whatever the stream was begun with.</summary>
    public void Continue()
    {
        if (IsBytes)
        {
            client.Continue(new BegunAnswer
            {
                Id = _id ?? "", Model = _model ?? "", CreatedAt = _createdAt, ThinkingIds = _thinking, ItemId = _itemId ?? "", Text = Text, NextEvent = _nextEvent,
            });
        }
    }

    public override ValueTask EndStreamAsync(CancellationToken cancellation) => client.EndStreamAsync(cancellation);

    public override ValueTask FailAsync(ExchangeFailure failure) => client.FailAsync(failure);

    public void Dispose() => _events.Dispose();

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        IsBytes = true;
        while (!bytes.IsEmpty)
        {
            var free = _events.Free().Span;
            var taken = Math.Min(free.Length, bytes.Length);
            bytes[..taken].CopyTo(free);
            _events.Advance(taken);
            bytes = bytes[taken..];
            while (_events.TryRead())
            {
                try
                {
                    Read(_events.Data);
                }
                catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException or JsonException)
                {
                    // Valid enough to pass on, and no shape of the protocol that we know.
                    _isPlain = false;
                }

                _events.Release();
            }
        }
    }

    /// <summary>Reads an event of any protocol. What is not known to be text, or to be nothing, is taken for more than text.</summary>
    private void Read(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || data.SequenceEqual("[DONE]"u8))
        {
            _hasEnded |= !data.IsEmpty;
            return;
        }

        var reader = new Utf8JsonReader(data);
        using var json = JsonDocument.ParseValue(ref reader);
        if (json.RootElement.TryGetProperty("type"u8, out var type))
        {
            _nextEvent = json.RootElement.TryGetProperty("sequence_number"u8, out var number) ? number.GetInt32() + 1 : _nextEvent + 1;
            if (type.GetString() is { } name && name.StartsWith("response.", StringComparison.Ordinal))
            {
                ReadResponse(name, json.RootElement);
            }
            else
            {
                ReadMessage(type.GetString(), json.RootElement);
            }
        }
        else
        {
            ReadChunk(json.RootElement);
        }
    }

    private void ReadChunk(JsonElement chunk)
    {
        Begin(chunk);
        foreach (var choice in chunk.TryGetProperty("choices"u8, out var choices) ? choices.EnumerateArray() : default)
        {
            _isPlain &= !choice.TryGetProperty("index"u8, out var index) || index.GetInt32() == 0;
            _hasEnded |= choice.TryGetProperty("finish_reason"u8, out var finish) && finish.ValueKind == JsonValueKind.String;
            foreach (var field in choice.TryGetProperty("delta"u8, out var delta) ? delta.EnumerateObject() : default)
            {
                if (field.NameEquals("content"u8) && field.Value.ValueKind == JsonValueKind.String)
                {
                    Add(field.Value.GetString());
                }
                else
                {
                    _isPlain &= field.NameEquals("role"u8) || IsNothing(field.Value);
                }
            }
        }
    }

    private void ReadMessage(string? type, JsonElement message)
    {
        switch (type)
        {
            case "message_start":
                Begin(message.GetProperty("message"u8));
                break;
            case "content_block_start":
                _isPlain &= message.GetProperty("index"u8).GetInt32() == 0 && message.GetProperty("content_block"u8).GetProperty("type"u8).ValueEquals("text"u8);
                break;
            case "content_block_delta" when message.GetProperty("delta"u8) is var delta && delta.GetProperty("type"u8).ValueEquals("text_delta"u8):
                Add(delta.GetProperty("text"u8).GetString());
                break;
            case "ping" or "keepalive":
                break;
            default:
                // The end of the one block of text is as good as the end: what comes next would be another block.
                _isPlain = false;
                break;
        }
    }

    /// <summary>What the one part of the one message holds; a second of either, and whatever else an answer can hold but thinking that shows nothing, is more than text.</summary>
    private void ReadResponse(string type, JsonElement e)
    {
        switch (type)
        {
            case "response.created" or "response.queued" or "response.in_progress":
                var response = e.GetProperty("response"u8);
                Begin(response);
                _createdAt ??= response.TryGetProperty("created_at"u8, out var created) && created.ValueKind == JsonValueKind.Number ? (long)created.GetDouble() : null;
                break;
            case "response.output_item.added" or "response.output_item.done" when _itemId is null && e.GetProperty("item"u8) is var item:
                _isPlain &= IsAt(e, "output_index", _thinking.Count) && HasOnly(item, "id", "type", "status", "role");
                ReadItem(item, hasEnded: type.EndsWith("done", StringComparison.Ordinal));
                break;
            case "response.content_part.added":
                var part = e.GetProperty("part"u8);
                _isPlain &= IsAt(e, "content_index", 0) && part.GetProperty("type"u8).ValueEquals("output_text"u8) && HasOnly(part, "type");
                break;
            case "response.output_text.delta":
                _isPlain &= _itemId is not null && IsAt(e, "output_index", _thinking.Count) && IsAt(e, "content_index", 0) && (!e.TryGetProperty("logprobs"u8, out var logprobs) || IsNothing(logprobs));
                Add(e.GetProperty("delta"u8).GetString());
                break;
            default:
                _isPlain = false;
                break;
        }
    }

    private void ReadItem(JsonElement item, bool hasEnded)
    {
        switch (item.GetProperty("type"u8).GetString())
        {
            case "reasoning" when hasEnded:
                _thinking.Add(item.GetProperty("id"u8).GetString() ?? "");
                break;
            case "reasoning":
                break;
            case "message" when !hasEnded:
                _itemId = item.GetProperty("id"u8).GetString();
                break;
            default:
                _isPlain = false;
                break;
        }
    }

    private void Begin(JsonElement answer)
    {
        _id ??= answer.TryGetProperty("id"u8, out var id) ? id.GetString() : null;
        _model ??= answer.TryGetProperty("model"u8, out var model) ? model.GetString() : null;
    }

    private void Add(string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            _text.Append(text);
            Pieces++;
        }
    }

    private static bool IsAt(JsonElement e, string index, int place) => e.GetProperty(index).GetInt32() == place;

    /// <summary>Whether every member but the named ones says nothing.</summary>
    private static bool HasOnly(JsonElement parent, params ReadOnlySpan<string> names)
    {
        foreach (var member in parent.EnumerateObject())
        {
            if (!names.Contains(member.Name) && !IsNothing(member.Value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(""u8),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };
}
