using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Responses;

/// <summary>The client of one responses request.</summary>
internal sealed class ResponseClient(HttpContext context, ReadOnlyMemory<byte> body, ResponseHeadersMode mode, TimeProvider time)
    : PassedClient(context, mode, hasEndMark: false)
{
    private ResponseWriter? _writer;
    private ResponseStreamWriter? _stream;

    private ResponseWriter Writer => _writer ??= new ResponseWriter(body, time.GetUtcNow().ToUnixTimeSeconds());

    public override bool TryTranslate(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatRequest? translated, out ChatError? error) =>
        ResponseTranslator.TryTranslate(body, out translated, out error);

    public override void Continue(BegunAnswer begun)
    {
        _writer = new ResponseWriter(body, begun.CreatedAt ?? time.GetUtcNow().ToUnixTimeSeconds());
        _stream = new ResponseStreamWriter(Out, _writer);
        _stream.Continue(begun);
    }

    protected override bool Add(in ChatDelta delta)
    {
        _stream ??= new ResponseStreamWriter(Out, Writer);
        return _stream.Write(delta);
    }

    protected override void Write(ChatResult result) => Writer.Write(Out, result);

    /// <summary>A provider's own stream has ended with its last event.</summary>
    protected override void WriteEnd() => _stream?.WriteEnd();

    protected override void WriteErrorEvent(ChatError error)
    {
        if (_stream is not null)
        {
            _stream.WriteError(error);
        }
        else
        {
            ResponseStreamWriter.WriteError(Out, error, sequence: 0);
        }
    }

    protected override void Dispose(bool isDisposing)
    {
        _stream?.Dispose();
        _writer?.Dispose();
        base.Dispose(isDisposing);
    }
}
