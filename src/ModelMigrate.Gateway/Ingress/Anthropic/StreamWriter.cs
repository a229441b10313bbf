using System.Buffers;
using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Gateway.Ingress.Anthropic;

/// <summary>
/// Writes a streamed answer as the events of the messages protocol: one for each delta, inside blocks that are opened and closed around
/// them. The stop reason is sent with the usage, which other protocols only tell at the very end.
/// </summary>
internal sealed class StreamWriter(IBufferWriter<byte> into) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(into, OpenAi.Wire.Options);

    /// <summary>The blocks of tool calls by the call's number.</summary>
    private readonly List<CallBlock> _calls = [];

    private string _id = "";
    private string _model = "";
    private Usage? _usage;
    private FinishReason? _finish;
    private string? _stopText;
    private bool _begun;
    private int _blocks;

    /// <summary>The open block of text or thinking, and which of the two; tool calls close themselves.</summary>
    private (int Index, bool IsThinking)? _open;

    /// <summary>Goes on with a stream whose beginning others wrote: one block of text, still open.</summary>
    public void Continue(BegunAnswer begun)
    {
        (_begun, _id, _model) = (true, begun.Id, begun.Model);
        (_open, _blocks) = ((0, false), 1);
    }

    /// <summary>Writes what an event adds; answers whether that was anything.</summary>
    public bool Write(in ChatDelta delta)
    {
        _id = delta.Id ?? _id;
        _model = delta.Model ?? _model;
        _usage = delta.Usage ?? _usage;
        if (!delta.HasContent && delta.Finish is null)
        {
            return false;
        }

        Begin();
        if (!string.IsNullOrEmpty(delta.Thinking))
        {
            WritePiece(isThinking: true, "thinking_delta"u8, "thinking"u8, delta.Thinking);
        }

        if (delta.State is { } state)
        {
            WriteState(state);
        }

        // The protocol has no word for a refusal beside its stop reason: what the model says is text.
        if ((string.IsNullOrEmpty(delta.Text) ? delta.Refusal : delta.Text) is { Length: > 0 } text)
        {
            WritePiece(isThinking: false, "text_delta"u8, "text"u8, text);
        }

        if (delta.ToolCall is { } call)
        {
            WriteCall(call);
        }

        if (delta.Finish is { } finish)
        {
            (_finish, _stopText) = (finish, delta.StopText);
            CloseOpen();
            CloseCalls(onlyWhole: false);
        }

        return true;
    }

    public void WriteEnd()
    {
        Begin();
        Wire.BeginEvent(into, "message_delta"u8);
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("type"u8, "message_delta"u8);
        _json.WriteStartObject("delta"u8);
        Wire.WriteStop(_json, _finish ?? FinishReason.Stop, _stopText);
        _json.WriteEndObject();
        Wire.WriteUsage(_json, _usage ?? default);
        End();
        into.Write(Wire.StopEvent);
    }

    public void Dispose() => _json.Dispose();

    private void Begin()
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        Wire.BeginEvent(into, "message_start"u8);
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("type"u8, "message_start"u8);
        _json.WriteStartObject("message"u8);
        _json.WriteString("id"u8, _id);
        _json.WriteString("type"u8, "message"u8);
        _json.WriteString("role"u8, "assistant"u8);
        _json.WriteString("model"u8, _model);
        _json.WriteStartArray("content"u8);
        _json.WriteEndArray();
        _json.WriteNull("stop_reason"u8);
        _json.WriteNull("stop_sequence"u8);
        Wire.WriteUsage(_json, _usage ?? default);
        _json.WriteEndObject();
        End();
    }

    private void WritePiece(bool isThinking, ReadOnlySpan<byte> type, ReadOnlySpan<byte> name, string text)
    {
        CloseCalls(onlyWhole: true);
        if (_open?.IsThinking != isThinking)
        {
            CloseOpen();
            _open = (_blocks, isThinking);
            BeginBlock(_blocks++, isThinking ? "thinking"u8 : "text"u8);
            _json.WriteString(name, ""u8);
            if (isThinking)
            {
                _json.WriteString("signature"u8, ""u8);
            }

            _json.WriteEndObject();
            End();
        }

        WriteDelta(_open!.Value.Index, type, name, text);
    }

    private void WriteState(OpaqueState state)
    {
        if (state.IsRedacted)
        {
            CloseOpen();
            BeginBlock(_blocks, "redacted_thinking"u8);
            _json.WriteString("data"u8, state.Tagged);
            _json.WriteEndObject();
            End();
            CloseBlock(_blocks++);
            return;
        }

        // A provider may show none of its thinking, and yet want its state back.
        if (_open is not { IsThinking: true })
        {
            CloseOpen();
            _open = (_blocks, true);
            BeginBlock(_blocks++, "thinking"u8);
            _json.WriteString("thinking"u8, ""u8);
            _json.WriteString("signature"u8, ""u8);
            _json.WriteEndObject();
            End();
        }

        WriteDelta(_open!.Value.Index, "signature_delta"u8, "signature"u8, state.Tagged);
        CloseOpen();
    }

    private void WriteCall(ToolCallDelta call)
    {
        if (call.Name is not null)
        {
            CloseOpen();
            CloseCalls(onlyWhole: true);
            _calls.Add(new CallBlock(call.Index, _blocks));
            BeginBlock(_blocks++, "tool_use"u8);
            _json.WriteString("id"u8, call.Id);
            _json.WriteString("name"u8, call.Name);
            _json.WriteStartObject("input"u8);
            _json.WriteEndObject();
            _json.WriteEndObject();
            End();
        }

        if (!string.IsNullOrEmpty(call.Arguments) && _calls.Find(c => c.Call == call.Index) is { IsClosed: false } block)
        {
            block.Append(call.Arguments);
            WriteDelta(block.Block, "input_json_delta"u8, "partial_json"u8, call.Arguments);
        }
    }

    private void BeginBlock(int index, ReadOnlySpan<byte> type)
    {
        Wire.BeginEvent(into, "content_block_start"u8);
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("type"u8, "content_block_start"u8);
        _json.WriteNumber("index"u8, index);
        _json.WriteStartObject("content_block"u8);
        _json.WriteString("type"u8, type);
    }

    private void WriteDelta(int index, ReadOnlySpan<byte> type, ReadOnlySpan<byte> name, string text)
    {
        Wire.BeginEvent(into, "content_block_delta"u8);
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("type"u8, "content_block_delta"u8);
        _json.WriteNumber("index"u8, index);
        _json.WriteStartObject("delta"u8);
        _json.WriteString("type"u8, type);
        _json.WriteString(name, text);
        _json.WriteEndObject();
        End();
    }

    private void CloseOpen()
    {
        if (_open is { } open)
        {
            _open = null;
            CloseBlock(open.Index);
        }
    }

    /// <summary>A call whose arguments are whole ends where the next block begins; one that the provider goes on with later stays open until the finish.</summary>
    private void CloseCalls(bool onlyWhole)
    {
        foreach (var call in _calls)
        {
            if (!call.IsClosed && (call.IsWhole || !onlyWhole))
            {
                call.IsClosed = true;
                CloseBlock(call.Block);
            }
        }
    }

    private void CloseBlock(int index)
    {
        Wire.BeginEvent(into, "content_block_stop"u8);
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("type"u8, "content_block_stop"u8);
        _json.WriteNumber("index"u8, index);
        End();
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        into.Write(Wire.EventEnd);
    }

    /// <summary>Where a tool call is written to, and how far it has come.</summary>
    private sealed class CallBlock(int call, int block)
    {
        private JsonBalance _arguments;

        public int Call => call;

        public int Block => block;

        public bool IsClosed { get; set; }

        public bool IsWhole => _arguments.IsWhole;

        public void Append(string piece) => _arguments.Append(piece);
    }
}
