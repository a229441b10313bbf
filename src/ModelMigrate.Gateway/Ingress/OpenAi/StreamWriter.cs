using System.Buffers;
using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>Writes a streamed answer as chat completion chunks, one for each event: role, content, finish, usage when asked for, end mark.</summary>
internal sealed class StreamWriter(IBufferWriter<byte> into, DateTimeOffset began, bool withUsage) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(into, Wire.Options);
    private readonly long _created = began.ToUnixTimeSeconds();
    private string _id = "";
    private string _model = "";
    private Usage? _usage;
    private bool _begun;
    private OpaqueState? _state;
    private int _states;

    /// <summary>Goes on with a stream whose beginning others wrote.</summary>
    public void Continue(BegunAnswer begun) => (_begun, _id, _model) = (true, begun.Id, begun.Model);

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

        if (!_begun)
        {
            _begun = true;
            BeginChunk();
            _json.WriteString("role"u8, "assistant"u8);
            _json.WriteString("content"u8, ""u8);
            EndChunk(null);
        }

        WriteText("reasoning_content"u8, delta.Thinking);
        _states += delta.State is null ? 0 : 1;
        _state = delta.State ?? _state;
        WriteText("content"u8, delta.Text);
        WriteText("refusal"u8, delta.Refusal);
        if (delta.ToolCall is { } call)
        {
            BeginChunk();
            WriteCall(call);
            EndChunk(null);
        }

        if (delta.Finish is { } finish)
        {
            WriteState();
            BeginChunk();
            EndChunk(finish);
        }

        return true;
    }

    public void WriteEnd()
    {
        if (withUsage && _usage is { } usage)
        {
            Begin();
            _json.WriteStartArray("choices"u8);
            _json.WriteEndArray();
            Wire.WriteUsage(_json, usage);
            End();
        }

        into.Write(Wire.Done);
    }

    public void Dispose() => _json.Dispose();

    /// <summary>The state of the only thinking has a place beside its text; of several, or a redacted one, only the mark is left.</summary>
    private void WriteState()
    {
        if (_states > 0)
        {
            WriteText("reasoning_signature"u8, _state is { IsRedacted: false } only && _states == 1 ? only.Tagged : OpaqueState.Lost);
        }
    }

    private void WriteText(ReadOnlySpan<byte> name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            BeginChunk();
            _json.WriteString(name, text);
            EndChunk(null);
        }
    }

    private void WriteCall(ToolCallDelta call)
    {
        _json.WriteStartArray("tool_calls"u8);
        _json.WriteStartObject();
        _json.WriteNumber("index"u8, call.Index);
        if (call.Id is not null)
        {
            _json.WriteString("id"u8, call.Id);
            _json.WriteString("type"u8, "function"u8);
        }

        _json.WriteStartObject("function"u8);
        if (call.Name is not null)
        {
            _json.WriteString("name"u8, call.Name);
        }

        _json.WriteString("arguments"u8, call.Arguments ?? "");
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.WriteEndArray();
    }

    private void BeginChunk()
    {
        Begin();
        _json.WriteStartArray("choices"u8);
        _json.WriteStartObject();
        _json.WriteNumber("index"u8, 0);
        _json.WriteStartObject("delta"u8);
    }

    private void EndChunk(FinishReason? finish)
    {
        _json.WriteEndObject();
        _json.WriteNull("logprobs"u8);
        if (finish is { } reason)
        {
            _json.WriteString("finish_reason"u8, Wire.NameOf(reason));
        }
        else
        {
            _json.WriteNull("finish_reason"u8);
        }

        _json.WriteEndObject();
        _json.WriteEndArray();
        if (withUsage)
        {
            _json.WriteNull("usage"u8);
        }

        End();
    }

    private void Begin()
    {
        into.Write(Wire.DataPrefix);
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("id"u8, _id);
        _json.WriteString("object"u8, "chat.completion.chunk"u8);
        _json.WriteNumber("created"u8, _created);
        _json.WriteString("model"u8, _model);
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        into.Write(Wire.EventEnd);
    }
}
