using Microsoft.Win32.SafeHandles;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.Exchange.Uploads;

/// <summary>
/// A client's multipart form: what was held of it until its model was known, in memory and, beyond that, in a file, and the rest as it
/// still comes from the client. It can be sent again until the rest was touched. The request owns it.
/// </summary>
public sealed class UploadForm : IDisposable
{
    /// <summary>Bytes that are held in memory.</summary>
    public const int MostInMemory = 1024 * 1024;

    private readonly PooledBytes _memory = new(64 * 1024);
    private SafeFileHandle? _file;

    /// <summary>The content type as the client wrote it, with its boundary.</summary>
    public required string ContentType { get; init; }

    /// <summary>Length of the client's form in bytes, or null when it did not say.</summary>
    public long? Length { get; init; }

    /// <summary>Where the model's name stands.</summary>
    public (long Start, long End) Model { get; set; }

    /// <summary>What comes behind what is held; null when that is all.</summary>
    public Stream? Rest { get; set; }

    /// <summary>Whether some of the rest was sent, so that nobody else can be sent the whole.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Why the client's own sending broke off, or null.</summary>
    public Exception? Broken { get; private set; }

    /// <summary>Bytes held.</summary>
    public long Held { get; private set; }

    public async ValueTask HoldAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var inMemory = (int)Math.Min(bytes.Length, MostInMemory - _memory.Length);
        _memory.Append(bytes.Span[..inMemory]);
        if (inMemory < bytes.Length)
        {
            _file ??= Open();
            await RandomAccess.WriteAsync(_file, bytes[inMemory..], Held + inMemory - _memory.Length, cancellation);
        }

        Held += bytes.Length;
    }

    /// <summary>Reads held bytes from <paramref name="from"/> on into <paramref name="into"/>; answers how many.</summary>
    public async ValueTask<int> ReadHeldAsync(long from, Memory<byte> into, CancellationToken cancellation)
    {
        if (from < _memory.Length)
        {
            var some = _memory.Memory[(int)from..];
            some = some[..Math.Min(some.Length, into.Length)];
            some.CopyTo(into);
            return some.Length;
        }

        return from >= Held ? 0 : await RandomAccess.ReadAsync(_file!, into, from - _memory.Length, cancellation);
    }

    /// <summary>Reads what the client still sends; 0 at its end. A failure is the client's, and remembered as such.</summary>
    public async ValueTask<int> ReadRestAsync(Memory<byte> into, CancellationToken cancellation)
    {
        if (Rest is null)
        {
            return 0;
        }

        try
        {
            var read = await Rest.ReadAsync(into, cancellation);
            IsSpent |= read > 0;
            return read;
        }
        catch (IOException e)
        {
            Broken = e;
            throw;
        }
    }

    public void Dispose()
    {
        _memory.Dispose();
        _file?.Dispose();
    }

    private static SafeFileHandle Open() => File.OpenHandle(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None,
        FileOptions.Asynchronous | FileOptions.DeleteOnClose);
}
