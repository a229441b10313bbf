using System.Buffers;

namespace ModelMigrate.Providers.Http;

/// <summary>Growing bytes in pooled memory. One owner, who disposes it; never read after that.</summary>
public sealed class PooledBytes : IBufferWriter<byte>, IDisposable
{
    private const int Smallest = 4096;

    private byte[] _bytes;

    public PooledBytes(int expected) => _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(expected + 1, Smallest));

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Room to write to, never empty; <see cref="Advance"/> says how much was used.</summary>
    public Memory<byte> Free(int atLeast = 1)
    {
        if (_bytes.Length - Length < atLeast)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + atLeast));
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(Length);
    }

    public void Advance(int count) => Length += count;

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint) => Free(Math.Max(sizeHint, 1));

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => Free(Math.Max(sizeHint, 1)).Span;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Free(bytes.Length).Span);
        Length += bytes.Length;
    }

    public void Dispose()
    {
        var bytes = _bytes;
        if (bytes.Length > 0)
        {
            _bytes = [];
            Length = 0;
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
