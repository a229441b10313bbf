using ModelMigrate.Core.Routing;
using ModelMigrate.Gateway.Caching;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Limits;
using ModelMigrate.Gateway.Telemetry;
using ModelMigrate.Providers.Exchange;

namespace ModelMigrate.Gateway.Ingress;

/// <summary>What every endpoint that serves by a model works with.</summary>
internal sealed record ChatServices(
    SnapshotFeed Feed, Refusals Refusals, ExchangeRunner Exchanges, ClientGate Gate, ResponseCaches Caches, GatewayDrain Drain, GatewayMeters Meters,
    TimeProvider Time);
