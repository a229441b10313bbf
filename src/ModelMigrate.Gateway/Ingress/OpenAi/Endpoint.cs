using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>Serves <c>POST /v1/chat/completions</c>.</summary>
internal sealed class Endpoint(ChatServices services, ILogger<Endpoint> logger) : ChatEndpoint(services, logger)
{
    protected override bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out ChatBody? body, out RequestProblem problem) =>
        Reader.TryRead(bytes, out body, out problem);

    protected override ChatClient ClientOf(HttpContext context, ChatBody body, ResponseHeadersMode mode) =>
        new ClientSide(context, body.AsksUsage, mode, Time);
}
