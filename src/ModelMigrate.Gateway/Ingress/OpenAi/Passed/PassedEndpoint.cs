using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Ingress.Scanning;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Passed;

/// <summary>Serves requests that no other protocol has a word for, as bytes, by models whose provider has the endpoint.</summary>
internal sealed class PassedEndpoint<TFields>(ChatServices services, ILogger<PassedEndpoint<TFields>> logger) : ChatEndpoint(services, logger)
    where TFields : struct, IChatFields
{
    protected override bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out ChatBody? body, out RequestProblem problem) =>
        BodyScan.TryRead<TFields>(bytes, out body, out problem);

    protected override ChatClient ClientOf(HttpContext context, ChatBody body, ResponseHeadersMode mode) => new PassedClient(context, mode);
}
