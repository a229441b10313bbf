using System.Buffers;

namespace ModelMigrate.Recorded.Reading;

/// <summary>Cuts a stream into lines in one pooled buffer; a line stays valid until the next is asked for.</summary>
internal sealed class LineReader(Stream stream, int longestLine = LineReader.LongestLine) : IDisposable
{
    /// <summary>A longer line is cut: no observation is.</summary>
    public const int LongestLine = 1 << 20;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
    private int _from;
    private int _to;
    private bool _ended;

    /// <summary>Lines read.</summary>
    public long Number { get; private set; }

    /// <summary>Bytes read from the stream.</summary>
    public long Bytes { get; private set; }

    /// <summary>The next line without its end, or false at the stream's end.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var rest = _buffer.AsSpan(_from, _to - _from);
            var end = rest.IndexOf((byte)'\n');
            if (end < 0 && !_ended && rest.Length < longestLine)
            {
                Fill();
                continue;
            }

            if (end < 0 && rest.Length == 0)
            {
                line = default;
                return false;
            }

            line = end < 0 ? rest : rest[..end];
            _from += end < 0 ? rest.Length : end + 1;
            line = line is [.., (byte)'\r'] ? line[..^1] : line;
            line = Number++ == 0 && line is [0xEF, 0xBB, 0xBF, ..] ? line[3..] : line;
            return true;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Fill()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            (_from, _to) = (0, _to - _from);
        }

        if (_to == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _to).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var read = stream.Read(_buffer, _to, _buffer.Length - _to);
        _ended = read == 0;
        _to += read;
        Bytes += read;
    }
}
