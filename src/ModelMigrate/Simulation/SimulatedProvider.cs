using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using ModelMigrate.Serving;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Simulation.Formats;

namespace ModelMigrate.Simulation;

/// <summary>A provider that exists only for rehearsal: listens, answers by <see cref="SimulatedAnswer"/>, and lets its faults change while it runs.</summary>
internal sealed class SimulatedProvider : IAsyncDisposable
{
    private const int MostBytes = 128 * 1024 * 1024;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly SimulationOptions _options;
    private readonly AnswerFormat _format;
    private readonly ResponseFormat? _responses;
    private readonly Dictionary<string, ChatEndpoint> _endpoints;
    private readonly WebApplication _app;
    private volatile FaultSchedule _faults;

    private SimulatedProvider(SimulationOptions options, TimeProvider time)
    {
        _options = options;
        _faults = options.Faults;
        var formats = AnswerFormat.All(options.Protocol);
        _format = formats[0];
        _responses = formats.OfType<ResponseFormat>().SingleOrDefault();
        _endpoints = formats.ToDictionary(
            format => format.ChatPath, format => new ChatEndpoint(options, format, () => _faults, Stats, time), StringComparer.Ordinal);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(options.Url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBytes;
        });
        // A hanging answer must not hold up the end of a demo or test.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public SimulationStats Stats { get; } = new();

    /// <summary>How the provider behaves from the next request on.</summary>
    public FaultSchedule Faults
    {
        get => _faults;
        set => _faults = value;
    }

    /// <summary>Where it listens, without a trailing slash.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>What a configuration names as the provider's base URL.</summary>
    public Uri BaseUrl => _options.Protocol == SimulationProtocol.OpenAi ? new Uri(Address, "/v1") : Address;

    public static async Task<SimulatedProvider> StartAsync(SimulationOptions options, TimeProvider time, CancellationToken cancellation = default)
    {
        var provider = new SimulatedProvider(options, time);
        await provider._app.StartAsync(cancellation);
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        return (context.Request.Method, path) switch
        {
            ("POST", { } known) when _endpoints.TryGetValue(known, out var endpoint) => endpoint.HandleAsync(context),
            ("GET" or "DELETE", { } held) when held.StartsWith("/v1/responses/", StringComparison.Ordinal) => HandleHeldAsync(context, held["/v1/responses/".Length..]),
            ("GET", "/v1/models") => WriteAsync(context, 200, _format.Models(_options.Model ?? "simulated")),
            ("GET", "/faults") => WriteAsync(context, 200, JsonSerializer.Serialize(FaultField.Write(_faults), Indented)),
            ("POST", "/faults") => ChangeFaultsAsync(context),
            ("GET", "/stats") => WriteStatsAsync(context),
            _ => WriteAsync(context, 404, _format.Error(404,
                $"{context.Request.Method} {path} is not served here: POST {string.Join(" or ", _endpoints.Keys)}, GET /v1/models, GET|POST /faults, GET /stats[?since=TIME]", 0)),
        };
    }

    private Task HandleHeldAsync(HttpContext context, string id)
    {
        var kept = _responses?.Find(id);
        if (kept is null)
        {
            return WriteAsync(context, 404, _format.Error(404, $"Response with id '{id}' not found.", 0));
        }

        return HttpMethods.IsGet(context.Request.Method) ? WriteAsync(context, 200, kept)
            : WriteAsync(context, 200, $$"""{"id":"{{id}}","object":"response","deleted":{{(_responses!.Remove(id) ? "true" : "false")}}}""");
    }

    private async Task ChangeFaultsAsync(HttpContext context)
    {
        var problems = new List<string>();
        try
        {
            using var update = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            if (FaultField.TryUpdate(_faults, update.RootElement, problems) is { } next)
            {
                _faults = next;
            }
        }
        catch (JsonException)
        {
            problems.Add("the body is not JSON; write for example {\"error_rate\": 0.3}");
        }

        await (problems.Count == 0
            ? WriteAsync(context, 200, JsonSerializer.Serialize(FaultField.Write(_faults), Indented))
            : WriteAsync(context, 400, JsonSerializer.Serialize(new { errors = problems }, Indented)));
    }

    private Task WriteStatsAsync(HttpContext context)
    {
        DateTimeOffset? since = null;
        if (context.Request.Query["since"].FirstOrDefault() is { } text)
        {
            if (!DateTimeOffset.TryParse(text, null, System.Globalization.DateTimeStyles.AssumeUniversal, out var parsed))
            {
                return WriteAsync(context, 400, """{"errors":["since: write a time such as 2026-01-31T12:00:00.000Z"]}""");
            }

            since = parsed;
        }

        return WriteAsync(context, 200, JsonSerializer.Serialize(new
        {
            started = Stats.Started,
            answered = Stats.Answered,
            client_left = Stats.Canceled,
            faults = Enum.GetValues<Fault>().Where(f => f != Fault.None).ToDictionary(f => JsonNamingPolicy.SnakeCaseLower.ConvertName(f.ToString()), Stats.Of, StringComparer.Ordinal),
            last_start = Stats.LastStart,
            started_since = since is { } from ? Stats.StartedBetween(from, DateTimeOffset.MaxValue) : (long?)null,
        }, Indented));
    }

    private static Task WriteAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }
}
