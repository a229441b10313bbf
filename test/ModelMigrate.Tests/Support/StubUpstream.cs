using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ModelMigrate.Tests.Support;

/// <summary>A provider on a real Kestrel at a free port: answers as the test says, and remembers what it was sent.</summary>
internal sealed class StubUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StubUpstream(WebApplication app) => _app = app;

    public delegate Task Answer(HttpContext context, Received received);

    /// <summary>What the next requests get.</summary>
    public Answer Answers { get; set; } = (context, _) => Task.CompletedTask;

    public ConcurrentQueue<Received> Requests { get; } = new();

    public Uri Url { get; private set; } = null!;

    public static async Task<StubUpstream> StartAsync(Answer? answers = null, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().UseUrls((certificate is null ? "http" : "https") + "://127.0.0.1:0").ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MaxRequestHeadersTotalSize = 1 << 20;
            if (certificate is not null)
            {
                options.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
            }
        });
        var app = builder.Build();
        var stub = new StubUpstream(app);
        stub.Answers = answers ?? stub.Answers;
        app.Run(stub.HandleAsync);
        await app.StartAsync();
        stub.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return stub;
    }

    /// <summary>Answers with a JSON body.</summary>
    public static Answer Json(string body, int status = 200, params (string Name, string Value)[] headers) => async (context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(body);
    };

    /// <summary>Answers with an event stream, flushed piece by piece.</summary>
    public static Answer Events(params string[] pieces) => async (context, _) =>
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var piece in pieces)
        {
            await context.Response.WriteAsync(piece);
            await context.Response.Body.FlushAsync();
        }
    };

    /// <summary>Answers with bytes of any type, flushed piece by piece; then the end, or silence until the caller hangs up.</summary>
    public static Answer Pieces(string contentType, IEnumerable<byte[]> pieces, bool thenSilence = false) => async (context, received) =>
    {
        context.Response.ContentType = contentType;
        foreach (var piece in pieces)
        {
            await context.Response.Body.WriteAsync(piece);
            await context.Response.Body.FlushAsync();
        }

        if (thenSilence)
        {
            await EventsThenSilence()(context, received);
        }
    };

    /// <summary>Sends some events and breaks the connection.</summary>
    public static Answer EventsThenCut(params string[] pieces) => async (context, received) =>
    {
        await Events(pieces)(context, received);
        context.Abort();
    };

    /// <summary>Sends some events and nothing more, until the caller hangs up.</summary>
    public static Answer EventsThenSilence(params string[] pieces) => async (context, received) =>
    {
        if (pieces.Length > 0)
        {
            await Events(pieces)(context, received);
        }

        received.Waiting.TrySetResult();
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        if (await Task.WhenAny(gone.Task, received.Cut.Task) == gone.Task)
        {
            received.Gone.TrySetResult();
        }
        else
        {
            context.Abort();
        }
    };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var received = new Received(
            context.Request.Method, context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget, context.Request.Path, body.ToArray(), context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        Requests.Enqueue(received);
        await Answers(context, received);
    }

    /// <summary>One request as the provider saw it.</summary>
    internal sealed record Received(string Method, string Target, string Path, byte[] Body, IReadOnlyDictionary<string, string> Headers)
    {
        /// <summary>Set when the provider has sent what it will and waits.</summary>
        public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Set when the provider saw its caller hang up.</summary>
        public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Set by a test to make a waiting provider break the connection.</summary>
        public TaskCompletionSource Cut { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Text => Encoding.UTF8.GetString(Body);
    }
}
