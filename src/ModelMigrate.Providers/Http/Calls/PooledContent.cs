using System.Net;
using System.Net.Http.Headers;

namespace ModelMigrate.Providers.Http.Calls;

/// <summary>
/// Sends JSON from pooled memory, which it owns. HTTP/1.1 sends a body whole before its answer is read, so that nobody reads the bytes
/// any more when the request is let go.
/// </summary>
internal sealed class PooledContent : HttpContent
{
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly PooledBytes _bytes;

    public PooledContent(PooledBytes bytes)
    {
        _bytes = bytes;
        Headers.ContentType = s_json;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_bytes.Memory, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _bytes.Dispose();
        }

        base.Dispose(disposing);
    }
}
