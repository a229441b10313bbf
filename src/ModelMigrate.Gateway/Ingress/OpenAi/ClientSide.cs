using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>The client of one chat completions request.</summary>
internal sealed class ClientSide(HttpContext context, ReadOnlyMemory<byte> body, bool asksUsage, ResponseHeadersMode mode, TimeProvider time)
    : ChatClient(context, mode)
{
    private StreamWriter? _stream;

    public override bool TryTranslate([NotNullWhen(true)] out ChatRequest? translated, out ChatError? error) =>
        Translator.TryTranslate(body, out translated, out error);

    public override void Continue(in ChatDelta begun)
    {
        _stream = new StreamWriter(Out, time.GetUtcNow(), asksUsage);
        _stream.Continue(begun);
    }

    protected override bool Write(in ChatDelta delta)
    {
        _stream ??= new StreamWriter(Out, time.GetUtcNow(), asksUsage);
        return _stream.Write(delta);
    }

    protected override void Write(ChatResult result) => Writer.Write(Out, result, time.GetUtcNow());

    protected override void WriteEnd()
    {
        if (_stream is not null)
        {
            _stream.WriteEnd();
        }
        else
        {
            Out.Write(Wire.Done);
        }
    }

    protected override void WriteErrorEvent(ChatError error)
    {
        Out.Write(Wire.DataPrefix);
        WriteError(error);
        Out.Write(Wire.EventEnd);
    }

    protected override void WriteError(ChatError error)
    {
        var shape = ErrorShape.Of(error);
        using var json = new Utf8JsonWriter(Out, Wire.Options);
        Wire.WriteError(json, error.Message, shape.Type, error.Field, shape.Code);
        json.Flush();
    }

    protected override int StatusOf(ChatError error) => ErrorShape.Of(error).Status;

    protected override void Dispose(bool isDisposing)
    {
        _stream?.Dispose();
        base.Dispose(isDisposing);
    }
}
