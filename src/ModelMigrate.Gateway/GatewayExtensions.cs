using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Gateway.Caching;
using ModelMigrate.Gateway.Ingress;
using ModelMigrate.Gateway.Ingress.OpenAi.Passed;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Limits;
using ModelMigrate.Gateway.Limits.Budgets;
using ModelMigrate.Gateway.Telemetry;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Gateway;

/// <summary>Puts the gateway into a host.</summary>
public static class GatewayExtensions
{
    /// <summary>
    /// Registers the gateway. The host may register a <see cref="SnapshotFeed"/> and an <see cref="ObservationStream"/> of its own
    /// before; Control uses the same instances. <paramref name="seed"/> is for the jitter between retries.
    /// </summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, ulong seed = 1)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SnapshotFeed>();
        services.TryAddSingleton(provider => new ObservationStream(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ProviderConnections>();
        services.TryAddSingleton<GatewayDrain>();
        services.TryAddSingleton<ResponseCaches>();
        services.TryAddSingleton<BudgetLedger>();
        services.TryAddSingleton<ClientGate>();
        services.TryAddSingleton(provider => new GatewayMeters(
            provider.GetRequiredService<SnapshotFeed>(), provider.GetRequiredService<ExchangeRunner>(), provider.GetRequiredService<ResponseCaches>(),
            provider.GetRequiredService<BudgetLedger>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new ExchangeRunner(
            provider.GetRequiredService<SnapshotFeed>(), provider.GetRequiredService<ObservationStream>(),
            provider.GetRequiredService<ProviderConnections>(), provider.GetRequiredService<TimeProvider>(), seed));
        services.TryAddSingleton<RequestTraces>();
        services.TryAddSingleton<Refusals>();
        services.TryAddSingleton<ChatServices>();
        services.TryAddSingleton<Ingress.OpenAi.Endpoint>();
        services.TryAddSingleton<PassedEndpoint<CompletionReader>>();
        services.TryAddSingleton<PassedEndpoint<EmbeddingReader>>();
        services.TryAddSingleton<Ingress.OpenAi.Audio.AudioEndpoint>();
        services.TryAddSingleton<Ingress.OpenAi.Responses.AnswerHolders>();
        services.TryAddSingleton<Ingress.OpenAi.Responses.ResponseEndpoint>();
        services.TryAddSingleton<Ingress.OpenAi.Responses.HeldEndpoint>();
        services.TryAddSingleton<Ingress.Anthropic.Endpoint>();
        services.TryAddSingleton<Ingress.Anthropic.CountTokensEndpoint>();
        services.TryAddSingleton<ModelsEndpoint>();
        services.TryAddSingleton<PassThroughEndpoint>();
        services.TryAddSingleton<UnservedEndpoint>();
        services.Configure<KestrelServerOptions>(Limit);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = GatewayDrain.Grace + TimeSpan.FromSeconds(5));
        return services;
    }

    /// <summary>Maps the clients' protocols under <c>/v1</c>, refuses all else there, and begins the drain when the host stops.</summary>
    public static IEndpointRouteBuilder MapGateway(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(services.GetRequiredService<GatewayDrain>().Begin);
        var traces = services.GetRequiredService<RequestTraces>();
        RequestDelegate chat = services.GetRequiredService<Ingress.OpenAi.Endpoint>().HandleAsync;
        RequestDelegate completions = services.GetRequiredService<PassedEndpoint<CompletionReader>>().HandleAsync;
        RequestDelegate embeddings = services.GetRequiredService<PassedEndpoint<EmbeddingReader>>().HandleAsync;
        RequestDelegate audio = services.GetRequiredService<Ingress.OpenAi.Audio.AudioEndpoint>().HandleAsync;
        RequestDelegate responses = services.GetRequiredService<Ingress.OpenAi.Responses.ResponseEndpoint>().HandleAsync;
        RequestDelegate held = services.GetRequiredService<Ingress.OpenAi.Responses.HeldEndpoint>().HandleAsync;
        RequestDelegate messages = services.GetRequiredService<Ingress.Anthropic.Endpoint>().HandleAsync;
        RequestDelegate count = services.GetRequiredService<Ingress.Anthropic.CountTokensEndpoint>().HandleAsync;
        RequestDelegate models = services.GetRequiredService<ModelsEndpoint>().ListAsync;
        RequestDelegate model = services.GetRequiredService<ModelsEndpoint>().RetrieveAsync;
        RequestDelegate unserved = services.GetRequiredService<UnservedEndpoint>().HandleAsync;
        MapPost(UnservedEndpoint.Chat, chat);
        MapPost(UnservedEndpoint.Completions, completions);
        MapPost(UnservedEndpoint.Embeddings, embeddings);
        MapPost(UnservedEndpoint.Transcriptions, audio);
        MapPost(UnservedEndpoint.Translations, audio);
        MapPost(UnservedEndpoint.Responses, responses);
        endpoints.MapMethods(UnservedEndpoint.HeldResponses, [HttpMethods.Get, HttpMethods.Delete], traces.Trace(UnservedEndpoint.HeldResponses, held));

        // What else is posted below asks a model (to count, to compact), and has a body.
        MapPost(UnservedEndpoint.CancelledResponse, held);
        MapPost(UnservedEndpoint.Messages, messages);
        MapPost(UnservedEndpoint.CountTokens, count);
        endpoints.MapGet(UnservedEndpoint.Models, models);
        endpoints.MapGet(UnservedEndpoint.Model, model);
        endpoints.Map("/v1/{**rest}", traces.Trace("/v1/{**rest}", unserved));
        return endpoints;

        void MapPost(string path, RequestDelegate serve) => endpoints.MapPost(path, traces.Trace(path, serve));
    }

    private static void Limit(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = BodyReader.MaxBody;
        options.Limits.MaxRequestHeaderCount = 100;
        options.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        options.Limits.MaxRequestLineSize = 8 * 1024;
    }
}
