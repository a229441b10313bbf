using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelMigrate.Core.Routing;
using ModelMigrate.Gateway.Caching;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Limits;
using ModelMigrate.Gateway.Telemetry;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Completions;

/// <summary>Serves <c>POST /v1/completions</c>: legacy completions, as bytes, by models whose provider has them.</summary>
internal sealed class CompletionEndpoint(
    SnapshotFeed feed, Refusals refusals, ExchangeRunner exchanges, ClientGate gate, ResponseCaches caches, GatewayDrain drain, GatewayMeters meters,
    TimeProvider time, ILogger<CompletionEndpoint> logger)
    : ChatEndpoint(feed, refusals, exchanges, gate, caches, drain, meters, time, logger)
{
    protected override bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out ChatBody? body, out RequestProblem problem) =>
        CompletionReader.TryRead(bytes, out body, out problem);

    protected override ChatClient ClientOf(HttpContext context, ChatBody body, ResponseHeadersMode mode) => new PassedClient(context, mode);
}
