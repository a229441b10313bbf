using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Exchange.Forwarded;

namespace ModelMigrate.Gateway.Ingress;

/// <summary>Writes a forwarded answer to its client as it comes. One that falls silent or breaks off breaks the client's connection, too.</summary>
internal static class AnswerCopy
{
    private const int ChunkLength = 16 * 1024;

    public static async Task WriteAsync(HttpContext context, ForwardedAnswer answer, HttpResponseMessage response, RouteLimits limits, TimeProvider time)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentLength = response.Content.Headers.ContentLength;
        if (response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type))
        {
            context.Response.ContentType = type.ToString();
        }

        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers.Append(name, value);
        }

        ResponseHeaders.WriteId(context.Response.Headers, ResponseHeadersMode.Id, context.TraceIdentifier);
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(context.RequestAborted);
            while (true)
            {
                using var idle = new CancellationTokenSource(limits.Idle, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, context.RequestAborted);
                var read = await stream.ReadAsync(chunk, either.Token);
                if (read == 0)
                {
                    return;
                }

                await context.Response.Body.WriteAsync(chunk.AsMemory(0, read), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException)
        {
            context.Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
