using System.Buffers;
using System.Text.Json;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>Writes a streamed answer as chat completion chunks: role, content, finish, usage when asked for, end mark.</summary>
internal sealed class StreamWriter(IBufferWriter<byte> into, DateTimeOffset began, bool withUsage) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(into, Wire.Options);
    private readonly long _created = began.ToUnixTimeSeconds();
    private string _id = "";
    private string _model = "";
    private Usage? _usage;
    private bool _begun;

    /// <summary>Writes what an event adds; answers whether that was anything.</summary>
    public bool Write(in ChatDelta delta)
    {
        _id = delta.Id ?? _id;
        _model = delta.Model ?? _model;
        _usage = delta.Usage ?? _usage;
        var hasText = !string.IsNullOrEmpty(delta.Text);
        if (!hasText && delta.Finish is null)
        {
            return false;
        }

        if (!_begun)
        {
            _begun = true;
            WriteChunk(isRole: true, text: null, finish: null);
        }

        if (hasText)
        {
            WriteChunk(isRole: false, delta.Text, finish: null);
        }

        if (delta.Finish is { } finish)
        {
            WriteChunk(isRole: false, text: null, finish);
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

    private void WriteChunk(bool isRole, string? text, FinishReason? finish)
    {
        Begin();
        _json.WriteStartArray("choices"u8);
        _json.WriteStartObject();
        _json.WriteNumber("index"u8, 0);
        _json.WriteStartObject("delta"u8);
        if (isRole)
        {
            _json.WriteString("role"u8, "assistant"u8);
        }

        if (isRole || text is not null)
        {
            _json.WriteString("content"u8, text ?? "");
        }

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
