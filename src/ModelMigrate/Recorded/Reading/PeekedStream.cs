namespace ModelMigrate.Recorded.Reading;

/// <summary>A stream whose beginning can be looked at before it is read, also where nobody can seek. Owns what it reads.</summary>
internal sealed class PeekedStream : Stream
{
    private readonly Stream _inner;
    private readonly byte[] _beginning;
    private int _given;

    public PeekedStream(Stream inner, int length)
    {
        _inner = inner;
        var buffer = new byte[length];
        _beginning = buffer[..inner.ReadAtLeast(buffer, length, throwOnEndOfStream: false)];
    }

    /// <summary>The first bytes; fewer than asked for only when there are no more.</summary>
    public ReadOnlySpan<byte> Beginning => _beginning;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_given == _beginning.Length)
        {
            return _inner.Read(buffer);
        }

        var count = Math.Min(buffer.Length, _beginning.Length - _given);
        _beginning.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
