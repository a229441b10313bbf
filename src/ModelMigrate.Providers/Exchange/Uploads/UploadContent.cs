using System.Buffers;
using System.Net;
using ModelMigrate.Providers.Exchange.Attempts;

namespace ModelMigrate.Providers.Exchange.Uploads;

/// <summary>
/// Sends a client's form with the model's name put in its place. The provider's limit runs while the provider is written to, never while
/// the client is read from; without a scope somebody else bounds it.
/// </summary>
internal sealed class UploadContent : HttpContent
{
    private const int ChunkLength = 64 * 1024;

    private readonly UploadForm _form;
    private readonly byte[] _name;
    private readonly AttemptScope? _scope;
    private readonly TimeSpan _limit;

    public UploadContent(UploadForm form, byte[] name, AttemptScope? scope, TimeSpan limit)
    {
        (_form, _name, _scope, _limit) = (form, name, scope, limit);
        Headers.TryAddWithoutValidation("Content-Type", form.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            await WriteHeldAsync(stream, chunk, 0, _form.Model.Start, cancellationToken);
            await stream.WriteAsync(_name, cancellationToken);
            await WriteHeldAsync(stream, chunk, _form.Model.End, _form.Held, cancellationToken);
            while (true)
            {
                _scope?.Pause();
                var read = await _form.ReadRestAsync(chunk, cancellationToken);
                _scope?.Wait(_limit, StopCause.FirstToken);
                if (read == 0)
                {
                    break;
                }

                await stream.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        var whole = _form.Rest is null ? _form.Held : _form.Length;
        length = (whole ?? 0) - (_form.Model.End - _form.Model.Start) + _name.Length;
        return whole is not null;
    }

    private async ValueTask WriteHeldAsync(Stream stream, byte[] chunk, long from, long to, CancellationToken cancellation)
    {
        while (from < to)
        {
            var read = await _form.ReadHeldAsync(from, chunk.AsMemory(0, (int)Math.Min(chunk.Length, to - from)), cancellation);
            await stream.WriteAsync(chunk.AsMemory(0, read), cancellation);
            _scope?.Wait(_limit, StopCause.FirstToken);
            from += read;
        }
    }
}
