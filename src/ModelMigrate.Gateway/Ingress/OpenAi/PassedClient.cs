using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>A client of the OpenAI protocol that gets a provider's bytes, or an error.</summary>
internal class PassedClient(HttpContext context, ResponseHeadersMode mode, bool hasEndMark = true) : ChatClient(context, mode)
{
    /// <summary>There is nothing to translate into; the body says so itself, so that nobody asks.</summary>
    public override bool TryTranslate(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatRequest? translated, out ChatError? error) =>
        throw new InvalidOperationException("Only bytes pass here.");

    public override void Continue(BegunAnswer begun) => throw new InvalidOperationException("Only bytes pass here.");

    protected override bool Add(in ChatDelta delta) => throw new InvalidOperationException("Only bytes pass here.");

    protected override void Write(ChatResult result) => throw new InvalidOperationException("Only bytes pass here.");

    protected override void WriteEnd()
    {
        if (hasEndMark)
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
}
