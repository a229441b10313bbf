using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using ModelMigrate.Control;
using ModelMigrate.Control.Api;
using ModelMigrate.Control.Security;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Gateway;
using ModelMigrate.Gateway.Limits.Budgets;
using ModelMigrate.Metrics;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Serving;

/// <summary>Gateway and controller in one process, listening.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(50);

    // Past the grace, the gateway ends its answers with an error event; they need a moment to leave.
    private static readonly TimeSpan DrainLimit = GatewayDrain.Grace + TimeSpan.FromSeconds(3);

    private readonly WebApplication _app;
    private readonly ControlPlane _control;
    private readonly MetricsPipeline _metrics;
    private readonly TracePipeline? _traces;
    private readonly RequestGauge _gauge;
    private readonly ServeOptions _options;
    private readonly TimeProvider _time;

    private RunningServer(
        WebApplication app, ControlPlane control, MetricsPipeline metrics, TracePipeline? traces, RequestGauge gauge, ServeOptions options, TimeProvider time) =>
        (_app, _control, _metrics, _traces, _gauge, _options, _time) = (app, control, metrics, traces, gauge, options, time);

    public ControlPlane Control => _control;

    public SnapshotFeed Feed => _app.Services.GetRequiredService<SnapshotFeed>();

    /// <summary>Where the gateway listens.</summary>
    public IReadOnlyList<string> GatewayUrls => [.. Addresses.Take(_options.Urls.Count)];

    /// <summary>Where the admin API listens.</summary>
    public IReadOnlyList<string> AdminUrls => _options.AdminUrls.Count == 0 ? GatewayUrls : [.. Addresses.Skip(_options.Urls.Count)];

    public Uri Url => new(GatewayUrls[0]);

    public Uri AdminUrl => new(AdminUrls[0]);

    private ICollection<string> Addresses => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    /// <summary>Opens the journal, checks what would be exposed and listens, or says why not.</summary>
    public static async Task<(RunningServer? Server, ServeFault? Fault)> TryStartAsync(ServeOptions options, TimeProvider time, CancellationToken cancellation)
    {
        if (Refusal(options) is { } refusal)
        {
            return (null, refusal);
        }

        var gauge = new RequestGauge();
        var split = new ListenerSplit();
        var app = Build(options, time);
        var services = app.Services;
        ControlPlane? control = null;
        MetricsPipeline? metrics = null;
        TracePipeline? traces = null;
        try
        {
            var probe = new ChatProbe(services.GetRequiredService<ProviderConnections>(), time);
            control = ControlPlane.TryOpen(
                new ControlOptions
                {
                    ConfigFile = options.ConfigFile,
                    DataDirectory = options.DataDirectory,
                    ReadConfig = () => ReadConfig(options.ConfigFile),
                    Probe = probe.AskAsync,
                },
                services.GetRequiredService<SnapshotFeed>(), services.GetRequiredService<ObservationStream>(), time,
                services.GetRequiredService<ILoggerFactory>(), out var fault);
            if (control is null)
            {
                await StopAsync(app, control, metrics, traces);
                return (null, new ServeFault(fault!.ExitCode, fault.Problems));
            }

            // Behind the controller's lock on the directory: one process, one file.
            services.GetRequiredService<BudgetLedger>().Open(Path.Combine(options.DataDirectory, "budgets.jsonl"));
            metrics = new MetricsPipeline(control.Config.Telemetry.Otlp);
            traces = TracePipeline.For(control.Config.Telemetry);
            services.GetRequiredService<UnobservedExceptions>();
            Map(app, control, metrics, gauge, split);
            await app.StartAsync(cancellation);
            var server = new RunningServer(app, control, metrics, traces, gauge, options, time);
            if (options.AdminUrls.Count > 0)
            {
                split.SetAdminPorts(server.AdminUrls.Select(url => new Uri(url).Port));
            }

            return (server, null);
        }
        catch (Exception refused) when (refused is IOException or InvalidOperationException or FormatException)
        {
            await StopAsync(app, control, metrics, traces);
            return (null, new ServeFault(3, [$"Cannot listen at {string.Join(", ", options.Urls.Concat(options.AdminUrls))}: {refused.Message}"]));
        }
    }

    /// <summary>What a person wants to know after the start: what listens where, routes, migrations, warnings.</summary>
    public IEnumerable<string> Describe() => ServerDescription.Lines(this, _control, Feed.Current, _options);

    /// <summary>Serves until <paramref name="stop"/>, then drains: not ready any more, running answers end, the last counts are committed.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        // Registered, not awaited: whoever stops the server finds it not ready as soon as the stop returns.
        await using var draining = stop.Register(_app.Services.GetRequiredService<GatewayDrain>().Begin);
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var began = _time.GetTimestamp();
        while (_gauge.Running > 0 && _time.GetElapsedTime(began) < DrainLimit)
        {
            await Task.Delay(DrainPoll, _time, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(_app, _control, _metrics, _traces);

    private static WebApplication Build(ServeOptions options, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (options.LogTo is { } log)
        {
            builder.Logging.AddProvider(new LineLogger(log, time));
            builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
                // A start that fails is said in a sentence, not as a stack.
                .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        }

        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls([.. options.Urls, .. options.AdminUrls]);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();
        builder.Services.AddSingleton<UnobservedExceptions>();
        builder.Services.AddGateway();
        builder.Services.AddControlJson();
        return builder.Build();
    }

    private static void Map(WebApplication app, ControlPlane control, MetricsPipeline metrics, RequestGauge gauge, ListenerSplit split)
    {
        app.Use(split.RouteAsync);
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal),
            branch => branch.Use(gauge.CountAsync));
        app.UseRouting();
        app.MapGateway();
        app.MapControl(control, () => app.Services.GetRequiredService<GatewayDrain>().IsDraining);
        app.MapMetrics(control, metrics.Scrape);
    }

    // Asked before the journal is opened: a start that is refused must not move a migration.
    private static ServeFault? Refusal(ServeOptions options)
    {
        var read = ReadConfig(options.ConfigFile);
        if (read.Config is null)
        {
            return new ServeFault(2, [.. read.Problems.Select(problem => problem.ToString())]);
        }

        var exposed = ExposureCheck.Problems(read.Config, [.. options.Urls], [.. AdminOr(options)]);
        if (exposed.Count > 0)
        {
            return new ServeFault(2, exposed);
        }

        var taken = options.Urls.Concat(options.AdminUrls).Select(FreePort.Problem).OfType<string>().ToList();
        return taken.Count > 0 ? new ServeFault(3, taken) : null;
    }

    private static IReadOnlyList<string> AdminOr(ServeOptions options) => options.AdminUrls.Count > 0 ? options.AdminUrls : options.Urls;

    private static ConfigResult ReadConfig(string file)
    {
        try
        {
            return ConfigReader.Read(File.ReadAllBytes(file), Path.GetFileName(file), Environment.GetEnvironmentVariable);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new ConfigResult(null,
                [new ConfigProblem(file, 1, 1, "", "unreadable", ConfigSeverity.Error, unreadable.Message, "Name an existing file with --config.")]);
        }
    }

    // In this order: no request is left when the controller commits its last counts.
    private static async Task StopAsync(WebApplication app, ControlPlane? control, MetricsPipeline? metrics, TracePipeline? traces)
    {
        await app.StopAsync();
        if (control is not null)
        {
            await control.DisposeAsync();
        }

        metrics?.Dispose();
        traces?.Dispose();
        await app.DisposeAsync();
    }
}
