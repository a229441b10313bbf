using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Gateway.Ingress;

/// <summary>Reads a request body into pooled memory, up to a limit.</summary>
internal static class BodyReader
{
    /// <summary>The largest request body in bytes.</summary>
    public const int MaxBody = 32 * 1024 * 1024;

    /// <summary>Null when the body is larger than allowed. The caller disposes the bytes.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<PooledBytes?> ReadAsync(HttpContext context)
    {
        var expected = context.Request.ContentLength;
        if (expected > MaxBody)
        {
            return null;
        }

        // The limit is ours, so that its error is in the client's protocol.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var reader = context.Request.BodyReader;
        var bytes = new PooledBytes((int)(expected ?? 0));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(context.RequestAborted);
                if (bytes.Length + read.Buffer.Length > MaxBody)
                {
                    reader.AdvanceTo(read.Buffer.Start);
                    bytes.Dispose();
                    return null;
                }

                foreach (var segment in read.Buffer)
                {
                    bytes.Append(segment.Span);
                }

                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return bytes;
                }
            }
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }
}
