using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Ingress.OpenAi.Translating;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>The client of one chat completions request.</summary>
internal sealed class ClientSide(HttpContext context, bool asksUsage, ResponseHeadersMode mode, TimeProvider time)
    : PassedClient(context, mode)
{
    private StreamWriter? _stream;

    public override bool TryTranslate(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatRequest? translated, out ChatError? error) =>
        Translator.TryTranslate(body, out translated, out error);

    public override void Continue(BegunAnswer begun)
    {
        _stream = new StreamWriter(Out, time.GetUtcNow(), asksUsage);
        _stream.Continue(begun);
    }

    protected override bool Add(in ChatDelta delta)
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
            base.WriteEnd();
        }
    }

    protected override void Dispose(bool isDisposing)
    {
        _stream?.Dispose();
        base.Dispose(isDisposing);
    }
}
