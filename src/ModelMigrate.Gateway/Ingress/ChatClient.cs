using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Caching;
using ModelMigrate.Gateway.Limits;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Gateway.Ingress;

/// <summary>The client of one chat request: its answer, or its error, in its protocol.</summary>
internal abstract class ChatClient(HttpContext context, ResponseHeadersMode mode) : ExchangeClient, IDisposable
{
    private readonly PipeWriter _out = context.Response.BodyWriter;
    private bool _isWritten;

    /// <summary>Where the answer is written to; it is sent by the caller of the methods below.</summary>
    protected IBufferWriter<byte> Out => (IBufferWriter<byte>?)Recorded ?? _out;

    /// <summary>What was written so far, when it is to be kept.</summary>
    public RecordedAnswer? Recorded { get; private set; }

    protected string RequestId => context.TraceIdentifier;

    /// <summary>Whether the client is told its own rates, in place of the provider's.</summary>
    private bool HasRates => context.Features.Get<ClientPass>()?.HasRates == true;

    /// <summary>Whether the answer failed after it had begun.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Remembers the answer to come, up to so many bytes. Before anything is written.</summary>
    public void Record(long maxBytes) => Recorded = new RecordedAnswer(_out, maxBytes);

    /// <summary>Gives a kept answer again.</summary>
    public async ValueTask ReplayAsync(CachedAnswer answer, Assignment assignment, long age, CancellationToken cancellation)
    {
        var response = context.Response;
        var isStream = answer.ContentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);
        response.ContentType = answer.ContentType;
        response.ContentLength = isStream ? null : answer.Body.Length;
        response.Headers.Age = age.ToString(CultureInfo.InvariantCulture);
        ResponseHeaders.Write(
            response.Headers, mode, new AnswerHead { Assignment = assignment, Model = answer.Model, Stream = isStream, Headers = [], Changes = answer.Changes });
        if (isStream)
        {
            response.Headers.CacheControl = "no-cache";
        }

        await SendAsync(_out.WriteAsync(answer.Body, cancellation));
    }

    public override ValueTask CommitAsync(AnswerHead head, CancellationToken cancellation)
    {
        Recorded?.Begin(head);
        var response = context.Response;
        response.ContentType = head.ContentType ?? (head.Stream ? "text/event-stream" : "application/json");
        response.ContentLength = head.ContentLength;
        Forward(head.Headers);
        ResponseHeaders.Write(response.Headers, mode, head);
        if (head.Stream)
        {
            response.Headers.CacheControl = "no-cache";
        }

        return ValueTask.CompletedTask;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        Recorded?.Add(bytes.Span);
        await SendAsync(_out.WriteAsync(bytes, cancellation));
    }

    public override void Write(ChatDelta delta) => _isWritten |= Add(delta);

    public override async ValueTask FlushAsync(CancellationToken cancellation)
    {
        if (_isWritten)
        {
            _isWritten = false;
            await SendAsync(_out.FlushAsync(cancellation));
        }
    }

    public override async ValueTask WriteAsync(ChatResult result, CancellationToken cancellation)
    {
        Write(result);
        await SendAsync(_out.FlushAsync(cancellation));
    }

    public override async ValueTask EndStreamAsync(CancellationToken cancellation)
    {
        WriteEnd();
        await SendAsync(_out.FlushAsync(cancellation));
    }

    public override async ValueTask FailAsync(ExchangeFailure failure)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (context.Response.HasStarted)
        {
            IsBroken = true;
            WriteErrorEvent(failure.Error);
        }
        else
        {
            var response = context.Response;
            var rates = HasRates ? response.Headers.Where(static header => RateHeaders.IsOne(header.Key)).ToList() : [];
            response.Clear();
            rates.ForEach(response.Headers.Add);
            response.StatusCode = StatusOf(failure.Error);
            response.ContentType = failure.BodyType ?? "application/json";
            Forward(failure.Headers);
            if (failure.Error.RetryAfter is { } wait && !response.Headers.ContainsKey("Retry-After"))
            {
                response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            }

            ResponseHeaders.Write(response.Headers, mode, context.TraceIdentifier, failure.Assignment);
            if (failure.Body.Length > 0)
            {
                _out.Write(failure.Body.Span);
            }
            else
            {
                WriteError(failure.Error);
            }
        }

        await SendAsync(_out.FlushAsync(CancellationToken.None));
    }

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing) => Recorded?.Dispose();

    /// <summary>Writes what an event adds; answers whether that was anything.</summary>
    protected abstract bool Add(in ChatDelta delta);

    protected abstract void Write(ChatResult result);

    /// <summary>Writes the end of a stream that the provider's own bytes did not carry.</summary>
    protected abstract void WriteEnd();

    protected abstract void WriteErrorEvent(ChatError error);

    protected abstract void WriteError(ChatError error);

    protected abstract int StatusOf(ChatError error);

    private void Forward(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var hasRates = headers.Count > 0 && HasRates;
        for (var i = 0; i < headers.Count; i++)
        {
            if (!hasRates || !RateHeaders.IsOne(headers[i].Key))
            {
                context.Response.Headers.Append(headers[i].Key, headers[i].Value);
            }
        }
    }

    /// <summary>A client that went away is told by its own token, never by an exception that would be blamed on the provider.</summary>
    private static async ValueTask SendAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            await flush;
        }
        catch (IOException)
        {
        }
    }
}
