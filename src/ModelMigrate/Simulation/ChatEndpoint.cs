using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Simulation.Formats;

namespace ModelMigrate.Simulation;

/// <summary>Answers requests of one endpoint: reads the body, draws the answer, waits its latency, then writes it or its fault.</summary>
internal sealed class ChatEndpoint(SimulationOptions options, AnswerFormat format, Func<FaultSchedule> faults, SimulationStats stats, TimeProvider time)
{
    private const int MostBodies = 1_000_000;

    // Time for the bytes before a cut to leave the socket; an abort would throw them away.
    private static readonly TimeSpan CutGrace = TimeSpan.FromMilliseconds(20);

    private static readonly string[] MalformedBodies =
    [
        """{"id":"x","choices":[{"index":0,"mess""",
        "<html><body><h1>502 Bad Gateway</h1></body></html>",
        "",
        """{"status":"ok"}""",
    ];

    private static readonly string[] MalformedEvents =
    [
        "data: {\"id\":\"x\",\"choices\":[{\"ind\n\n",
        "<html><body><h1>502 Bad Gateway</h1></body></html>",
        "data: upstream connect error or disconnect/reset before headers\n\n",
        "event: message_start\ndata: [1,2\n\n",
    ];

    private readonly ConcurrentDictionary<ulong, int> _seen = new();

    public async Task HandleAsync(HttpContext context)
    {
        stats.Start(time.GetUtcNow());
        var left = context.RequestAborted;
        try
        {
            var body = await ReadAsync(context.Request, left);
            if (format.Read(options.Protocol, context.Request.ContentType, body, out var problem) is not { } request)
            {
                await RefuseAsync(context, 400, problem);
            }
            else if (options.Protocol == SimulationProtocol.Anthropic && !context.Request.Headers.ContainsKey("anthropic-version"))
            {
                await RefuseAsync(context, 400, "anthropic-version: header is required");
            }
            else if (options.Model is { } only && request.Model != only)
            {
                await RefuseAsync(context, 404, $"The model `{request.Model}` does not exist; this simulation serves `{only}`.");
            }
            else
            {
                var answer = SimulatedAnswer.For(options.Seed, request.BodyHash, Occurrence(request.BodyHash), faults());
                request = options.Knowledge?.Answer(options.Seed, body) is { } known ? request with { Speech = new SimulatedSpeech(null, [known]) } : request;
                stats.See(request.Pictures);
                stats.Draw(answer.Fault);
                await AnswerAsync(context, request, answer, left);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or BadHttpRequestException)
        {
            stats.Cancel();
        }
    }

    private int Occurrence(ulong hash)
    {
        // Bounded: a run of more distinct bodies starts counting anew.
        if (_seen.Count >= MostBodies)
        {
            _seen.Clear();
        }

        return _seen.AddOrUpdate(hash, 0, (_, seen) => seen + 1);
    }

    private async Task AnswerAsync(HttpContext context, SimulatedRequest request, SimulatedAnswer answer, CancellationToken left)
    {
        if (answer.Fault != Fault.Hang && answer.Latency > TimeSpan.Zero)
        {
            await stats.WaitAsync(answer.Latency, time, left);
        }

        context.Response.Headers[format.RequestIdHeader] = $"req_{answer.Id:x16}";
        switch (answer.Fault)
        {
            case Fault.None when request.Stream:
                await StreamAsync(context, request, answer, left);
                stats.Answer();
                options.Answered?.Invoke(request.User);
                break;
            case Fault.None:
                await PaceAsync(request, answer, left);
                await WriteAsync(context, 200, format.ContentType(request), format.Plain(request, answer));
                stats.Answer();
                options.Answered?.Invoke(request.User);
                break;
            case Fault.Down when faults().DownAborts:
                context.Abort();
                break;
            case Fault.Down:
                await RefuseAsync(context, 503, "The simulated provider is down.", answer.Id);
                break;
            case Fault.Throttle:
                context.Response.Headers.RetryAfter = Math.Ceiling(faults().RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                await RefuseAsync(context, 429, "Rate limit reached.", answer.Id);
                break;
            case Fault.Error:
                await RefuseAsync(context, format.ErrorStatuses[answer.Variant % format.ErrorStatuses.Count], "The simulated provider failed.", answer.Id);
                break;
            case Fault.Malformed when request.Stream:
                await WriteAsync(context, 200, "text/event-stream", MalformedEvents[answer.Variant % MalformedEvents.Length]);
                break;
            case Fault.Malformed:
                await WriteAsync(context, 200, "application/json", MalformedBodies[answer.Variant % MalformedBodies.Length]);
                break;
            case Fault.Hang:
                await stats.WaitAsync(Timeout.InfiniteTimeSpan, time, left);
                break;
            case Fault.Cut:
                await CutAsync(context, request, answer, left);
                break;
        }
    }

    private async Task StreamAsync(HttpContext context, SimulatedRequest request, SimulatedAnswer answer, CancellationToken left)
    {
        BeginStream(context);
        Put(context, format.StreamHead(request, answer));
        foreach (var token in AnswerFormat.Tokens(request, answer))
        {
            Put(context, format.StreamToken(request, answer, token));
            if (answer.TokenGap > TimeSpan.Zero)
            {
                await context.Response.BodyWriter.FlushAsync(left);
                await stats.WaitAsync(answer.TokenGap, time, left);
            }
        }

        Put(context, format.StreamTail(request, answer));
        await context.Response.BodyWriter.FlushAsync(left);
    }

    // A plain answer takes as long as the same answer streamed.
    private async Task PaceAsync(SimulatedRequest request, SimulatedAnswer answer, CancellationToken left)
    {
        if (answer.TokenGap > TimeSpan.Zero)
        {
            await stats.WaitAsync(answer.TokenGap * AnswerFormat.Tokens(request, answer).Count(), time, left);
        }
    }

    private async Task CutAsync(HttpContext context, SimulatedRequest request, SimulatedAnswer answer, CancellationToken left)
    {
        if (request.Stream)
        {
            BeginStream(context);
            Put(context, format.StreamHead(request, answer));
            foreach (var token in AnswerFormat.Tokens(request, answer).Take(answer.CutAfter))
            {
                Put(context, format.StreamToken(request, answer, token));
            }
        }
        else
        {
            var whole = format.Plain(request, answer);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Encoding.UTF8.GetByteCount(whole);
            Put(context, whole[..(whole.Length / 2)]);
        }

        await context.Response.BodyWriter.FlushAsync(left);
        await stats.WaitAsync(CutGrace, time, left);
        context.Abort();
    }

    private static void BeginStream(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private static void Put(HttpContext context, string text) => Encoding.UTF8.GetBytes(text, context.Response.BodyWriter);

    private Task RefuseAsync(HttpContext context, int status, string message, ulong id = 0) =>
        WriteAsync(context, status, "application/json", format.Error(status, message, id));

    private static async Task WriteAsync(HttpContext context, int status, string contentType, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = Encoding.UTF8.GetByteCount(body);
        Put(context, body);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken left)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(left);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
