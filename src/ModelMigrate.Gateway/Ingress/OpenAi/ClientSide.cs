using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Routing;
using ModelMigrate.Providers.Exchange;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>The client of one chat completions request: its answer, or its error, in its protocol.</summary>
internal sealed class ClientSide(HttpContext context, ReadOnlyMemory<byte> body, bool asksUsage, ResponseHeadersMode mode, TimeProvider time)
    : ExchangeClient, IDisposable
{
    private readonly PipeWriter _out = context.Response.BodyWriter;
    private StreamWriter? _stream;

    /// <summary>Whether the answer failed after it had begun.</summary>
    public bool IsBroken { get; private set; }

    public override bool TryTranslate([NotNullWhen(true)] out ChatRequest? translated, out ChatError? error) => Translator.TryTranslate(body, out translated, out error);

    public override ValueTask CommitAsync(AnswerHead head, CancellationToken cancellation)
    {
        var response = context.Response;
        response.ContentType = head.ContentType ?? (head.Stream ? Wire.EventStream : Wire.Json);
        response.ContentLength = head.ContentLength;
        Forward(head.Headers);
        ResponseHeaders.Write(response.Headers, mode, head);
        if (head.Stream)
        {
            response.Headers.CacheControl = "no-cache";
        }

        return ValueTask.CompletedTask;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        await SendAsync(_out.WriteAsync(bytes, cancellation));

    public override async ValueTask WriteAsync(ChatDelta delta, CancellationToken cancellation)
    {
        _stream ??= new StreamWriter(_out, time.GetUtcNow(), asksUsage);
        if (_stream.Write(delta))
        {
            await SendAsync(_out.FlushAsync(cancellation));
        }
    }

    public override async ValueTask WriteAsync(ChatResult result, CancellationToken cancellation)
    {
        Writer.Write(_out, result, time.GetUtcNow());
        await SendAsync(_out.FlushAsync(cancellation));
    }

    public override async ValueTask EndStreamAsync(CancellationToken cancellation)
    {
        if (_stream is not null)
        {
            _stream.WriteEnd();
        }
        else
        {
            _out.Write(Wire.Done);
        }

        await SendAsync(_out.FlushAsync(cancellation));
    }

    public override async ValueTask FailAsync(ExchangeFailure failure)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var shape = ErrorShape.Of(failure.Error);
        if (context.Response.HasStarted)
        {
            IsBroken = true;
            _out.Write(Wire.DataPrefix);
            WriteError(failure.Error, shape);
            _out.Write(Wire.EventEnd);
        }
        else
        {
            var response = context.Response;
            response.Clear();
            response.StatusCode = shape.Status;
            response.ContentType = Wire.Json;
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
                WriteError(failure.Error, shape);
            }
        }

        await SendAsync(_out.FlushAsync(CancellationToken.None));
    }

    public void Dispose() => _stream?.Dispose();

    private void WriteError(ChatError error, in ErrorShape shape)
    {
        using var json = new Utf8JsonWriter(_out, Wire.Options);
        Wire.WriteError(json, error.Message, shape.Type, error.Field, shape.Code);
        json.Flush();
    }

    private void Forward(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            context.Response.Headers.Append(headers[i].Key, headers[i].Value);
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
