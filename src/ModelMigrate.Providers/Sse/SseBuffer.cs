using System.Buffers;

namespace ModelMigrate.Providers.Sse;

/// <summary>
/// Takes the bytes of a server-sent event stream in pieces of any size and hands out whole events, without copying. Events that were
/// read stay in the buffer until <see cref="Release"/>, so that a caller can hold an answer back before it commits to it.
/// </summary>
internal sealed class SseBuffer : IDisposable
{
    /// <summary>The longest event, and the most that can be held back.</summary>
    public const int MaxHeld = 32 * 1024 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private int _kept;
    private int _eventStart;
    private int _lineStart;
    private int _scanned;
    private int _end;
    private int _dataStart;
    private int _dataLength;
    private int _dataLines;

    /// <summary>Where the event read last began and ended, and the text of its data lines.</summary>
    private (int Start, int DataStart, int DataLength, int DataLines) _event;

    /// <summary>Whether more is held than is allowed.</summary>
    public bool IsFull => _end - _kept > MaxHeld;

    /// <summary>Whether bytes wait that do not make a whole event.</summary>
    public bool HasPartial => _end > _eventStart;

    /// <summary>Whole events that were read and not released.</summary>
    public ReadOnlyMemory<byte> Held => _bytes.AsMemory(_kept, _eventStart - _kept);

    /// <summary>Those of the held events that came before the event read last.</summary>
    public ReadOnlyMemory<byte> HeldBeforeCurrent => _bytes.AsMemory(_kept, _event.Start - _kept);

    /// <summary>The data of the event read last; several data lines are joined by line feeds.</summary>
    public ReadOnlySpan<byte> Data =>
        _event.DataLines <= 1 ? _bytes.AsSpan(_event.DataStart, _event.DataLength) : JoinData();

    /// <summary>Whether the event read last has data that say nothing: clients parse them as JSON and fail.</summary>
    public bool IsHollow => _event is { DataLines: 1, DataLength: 0 };

    /// <summary>Room for the next bytes.</summary>
    public Memory<byte> Free()
    {
        if (_end == _bytes.Length)
        {
            MakeRoom();
        }

        return _bytes.AsMemory(_end);
    }

    public void Advance(int read) => _end += read;

    /// <summary>Gives up the events read so far; their memory is used again.</summary>
    public void Release()
    {
        _kept = _eventStart;
        if (_kept == _end)
        {
            _kept = _eventStart = _lineStart = _scanned = _end = _dataStart = 0;
        }
    }

    /// <summary>Reads the next whole event. At the end of the stream a last event without its blank line counts as whole.</summary>
    public bool TryRead(bool atEnd = false)
    {
        while (true)
        {
            var found = _bytes.AsSpan(_scanned, _end - _scanned).IndexOfAny((byte)'\n', (byte)'\r');
            if (found < 0)
            {
                _scanned = _end;
                return atEnd && TryReadLast();
            }

            var lineEnd = _scanned + found;
            var next = lineEnd + 1;
            if (_bytes[lineEnd] == '\r')
            {
                if (next == _end && !atEnd)
                {
                    // Its line feed may come with the next read.
                    _scanned = lineEnd;
                    return false;
                }

                next += next < _end && _bytes[next] == '\n' ? 1 : 0;
            }

            var isBlank = lineEnd == _lineStart;
            if (!isBlank)
            {
                TakeLine(lineEnd);
            }

            _lineStart = _scanned = next;
            if (isBlank)
            {
                Complete(next);
                return true;
            }
        }
    }

    public void Dispose()
    {
        var bytes = _bytes;
        _bytes = [];
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private bool TryReadLast()
    {
        if (_end == _eventStart)
        {
            return false;
        }

        if (_end > _lineStart)
        {
            TakeLine(_end);
        }

        // Passed on as it came, it would run into what is written after it. One more than it may need: after a carriage return the first is no line.
        AppendLineFeed();
        AppendLineFeed();
        _lineStart = _scanned = _end;
        Complete(_end);
        return true;
    }

    private void AppendLineFeed()
    {
        Free().Span[0] = (byte)'\n';
        _end++;
    }

    private void Complete(int next)
    {
        _event = (_eventStart, _dataStart, _dataLength, _dataLines);
        _eventStart = next;
        (_dataStart, _dataLength, _dataLines) = (next, 0, 0);
    }

    private void TakeLine(int lineEnd)
    {
        var line = _bytes.AsSpan(_lineStart, lineEnd - _lineStart);
        if (!line.StartsWith("data"u8) || (line.Length > 4 && line[4] != ':'))
        {
            return;
        }

        var prefix = line.Length == 4 ? 4 : line.Length > 5 && line[5] == ' ' ? 6 : 5;
        if (_dataLines++ == 0)
        {
            _dataStart = _lineStart + prefix;
            _dataLength = line.Length - prefix;
        }
    }

    private byte[] JoinData()
    {
        var joined = new MemoryStream();
        var rest = _bytes.AsSpan(_event.Start, _eventStart - _event.Start);
        while (rest.Length > 0)
        {
            var at = rest.IndexOfAny((byte)'\n', (byte)'\r');
            var line = at < 0 ? rest : rest[..at];
            if (line.StartsWith("data:"u8))
            {
                if (joined.Length > 0)
                {
                    joined.WriteByte((byte)'\n');
                }

                joined.Write(line[(line.Length > 5 && line[5] == ' ' ? 6 : 5)..]);
            }

            rest = at < 0 ? [] : rest[(at + 1)..];
        }

        return joined.ToArray();
    }

    private void MakeRoom()
    {
        var used = _end - _kept;
        var target = used > _bytes.Length / 2 ? ArrayPool<byte>.Shared.Rent(_bytes.Length * 2) : _bytes;
        _bytes.AsSpan(_kept, used).CopyTo(target);
        if (!ReferenceEquals(target, _bytes))
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = target;
        }

        _event.Start -= _kept;
        _event.DataStart -= _kept;
        _eventStart -= _kept;
        _lineStart -= _kept;
        _scanned -= _kept;
        _dataStart -= _kept;
        _end -= _kept;
        _kept = 0;
    }
}
