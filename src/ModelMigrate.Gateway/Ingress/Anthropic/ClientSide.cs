using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Ingress.Anthropic.Translating;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Gateway.Ingress.Anthropic;

/// <summary>The client of one messages request.</summary>
internal sealed class ClientSide(HttpContext context, ResponseHeadersMode mode) : ChatClient(context, mode)
{
    private StreamWriter? _stream;

    public override bool TryTranslate(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatRequest? translated, out ChatError? error) =>
        Translator.TryTranslate(body, out translated, out error);

    public override void Continue(BegunAnswer begun)
    {
        _stream = new StreamWriter(Out);
        _stream.Continue(begun);
    }

    protected override bool Add(in ChatDelta delta)
    {
        _stream ??= new StreamWriter(Out);
        return _stream.Write(delta);
    }

    protected override void Write(ChatResult result) => Writer.Write(Out, result);

    protected override void WriteEnd()
    {
        if (_stream is not null)
        {
            _stream.WriteEnd();
        }
        else
        {
            Out.Write(Wire.StopEvent);
        }
    }

    protected override void WriteErrorEvent(ChatError error)
    {
        Wire.BeginEvent(Out, "error"u8);
        WriteError(error);
        Out.Write(Wire.EventEnd);
    }

    protected override void WriteError(ChatError error)
    {
        var shape = ErrorShape.Of(error);
        using var json = new Utf8JsonWriter(Out, OpenAi.Wire.Options);
        Wire.WriteError(json, error.Message, shape.Type, shape.Code, RequestId);
        json.Flush();
    }

    protected override int StatusOf(ChatError error) => ErrorShape.Of(error).Status;

    protected override void Dispose(bool isDisposing)
    {
        _stream?.Dispose();
        base.Dispose(isDisposing);
    }
}
