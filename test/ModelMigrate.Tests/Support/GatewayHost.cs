using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Clients;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway;

namespace ModelMigrate.Tests.Support;

/// <summary>The gateway on a real Kestrel at a free port, with a clock that the test moves.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private long _revision;

    private GatewayHost(WebApplication app, ManualClock clock)
    {
        (_app, Clock) = (app, clock);
        Feed = app.Services.GetRequiredService<SnapshotFeed>();
        Observations = app.Services.GetRequiredService<ObservationStream>();
        Drain = app.Services.GetRequiredService<GatewayDrain>();
    }

    public ManualClock Clock { get; }

    public SnapshotFeed Feed { get; }

    public ObservationStream Observations { get; }

    public GatewayDrain Drain { get; }

    public IServiceProvider Services => _app.Services;

    public Uri Url { get; private set; } = null!;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false });

    public static async Task<GatewayHost> StartAsync(params RouteSnapshot[] routes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var clock = new ManualClock();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddGateway();
        var app = builder.Build();
        app.MapGateway();
        var host = new GatewayHost(app, clock);
        host.Publish(routes);
        await app.StartAsync();
        host.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return host;
    }

    /// <summary>A model of a stub provider.</summary>
    public static ModelSnapshot Model(string id, StubUpstream at, ProviderKind kind = ProviderKind.OpenAi) => new()
    {
        Id = new ModelId(id),
        Name = id + "-name",
        Fingerprint = id,
        InputCostPer1K = 1m,
        OutputCostPer1K = 2m,
        Provider = new ProviderSnapshot
        {
            Id = new ProviderId(id + "-provider"), Kind = kind, ApiKey = new Secret(id + "-key"),
            BaseUrl = kind == ProviderKind.OpenAi ? new Uri(at.Url, "/v1") : at.Url,
        },
    };

    public static RouteSnapshot Route(ModelSnapshot model, RouteLimits? limits = null, params ModelSnapshot[] fallback) => new()
    {
        Id = new RouteId("chat"), Model = model, Limits = limits ?? RouteLimits.Default, Fallback = fallback,
    };

    /// <summary>A route whose every request meets the target.</summary>
    public static RouteSnapshot Migrating(ModelSnapshot source, ModelSnapshot target, RouteLimits? limits = null, int weightPpm = SplitSnapshot.Total) =>
        Route(source, limits) with
        {
            Split = new SplitSnapshot
            {
                Migration = new MigrationId("MIG-1"), Attempt = 1, Seed = 7, WeightPpm = weightPpm, Source = source, Target = target,
                TargetProven = false,
            },
        };

    public void Publish(params RouteSnapshot[] routes) => Publish(clientKeys: null, routes);

    public void Publish(FrozenSet<string>? clientKeys, params RouteSnapshot[] routes) => Feed.TryPublish(new RoutingSnapshot
    {
        Revision = ++_revision,
        Cause = "test",
        At = Clock.GetUtcNow(),
        Routes = routes.ToFrozenDictionary(route => route.Id.Value, StringComparer.Ordinal),
        Clients = clientKeys?.ToFrozenDictionary(static hash => hash, static hash => new ClientSnapshot { Name = hash[..8], Tenant = hash[..8] }, StringComparer.Ordinal)
            ?? FrozenDictionary<string, ClientSnapshot>.Empty,
        AllowsAnonymous = clientKeys is null,
    });

    /// <summary>Publishes routes for clients alone whose key is their name.</summary>
    public void Publish(IEnumerable<ClientSnapshot> clients, params RouteSnapshot[] routes) => Feed.TryPublish(new RoutingSnapshot
    {
        Revision = ++_revision,
        Cause = "test",
        At = Clock.GetUtcNow(),
        Routes = routes.ToFrozenDictionary(route => route.Id.Value, StringComparer.Ordinal),
        Clients = clients.ToFrozenDictionary(client => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(client.Name))), StringComparer.Ordinal),
        AllowsAnonymous = false,
    });

    public Task<HttpResponseMessage> PostAsync(string body, CancellationToken cancellation = default, params (string Name, string Value)[] headers) =>
        PostAsync(Encoding.UTF8.GetBytes(body), cancellation, headers);

    public Task<HttpResponseMessage> PostAsync(byte[] body, CancellationToken cancellation = default, params (string Name, string Value)[] headers)
    {
        return SendAsync("/v1/chat/completions", Json(body), cancellation, headers);
    }

    public static HttpContent Json(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return content;
    }

    public Task<HttpResponseMessage> PostToAsync(string path, string body, params (string Name, string Value)[] headers) =>
        SendAsync(path, Json(Encoding.UTF8.GetBytes(body)), CancellationToken.None, headers);

    public Task<HttpResponseMessage> SendAsync(string path, HttpContent content, CancellationToken cancellation, params (string Name, string Value)[] headers)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(Url, path)) { Content = content };
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <summary>The ends of all admitted requests. A client can have its whole answer a moment before its request has ended.</summary>
    public List<Observation> Ended()
    {
        var wait = default(SpinWait);
        var began = TimeProvider.System.GetTimestamp();
        while (Observations.Open > 0 && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(10))
        {
            wait.SpinOnce();
        }

        var events = new List<ObservationEvent>();
        Observations.Drain(events);
        return [.. events.Where(e => !e.IsAdmission).Select(e => e.Ended)];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
