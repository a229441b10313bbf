using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelMigrate.Control.Api;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Tests.Control;

/// <summary>A controller on a driven clock behind real HTTP.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ControlServer(WebApplication app, ControlBench bench, Uri url)
    {
        (_app, Bench, Url) = (app, bench, url);
        Http = new HttpClient(new SocketsHttpHandler(), disposeHandler: true) { BaseAddress = url };
        Admin = new AdminClient(Http);
    }

    public ControlBench Bench { get; }

    public Uri Url { get; }

    public HttpClient Http { get; }

    /// <summary>The API for programs, without a token.</summary>
    public AdminClient Admin { get; }

    /// <param name="more">Added to the bench's configuration.</param>
    public static Task<ControlServer> StartAsync(string more = "") => OfAsync(ControlBench.Config(more: more));

    /// <param name="config">The whole file.</param>
    public static async Task<ControlServer> OfAsync(string config)
    {
        var bench = await ControlBench.StartAsync(config, started: false);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddControlJson();
        var app = builder.Build();
        app.MapControl(bench.Plane);
        app.MapMetrics(bench.Plane, () => "model_migrate_up 1\n");
        await app.StartAsync();
        return new ControlServer(app, bench, new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await Bench.DisposeAsync();
    }
}
