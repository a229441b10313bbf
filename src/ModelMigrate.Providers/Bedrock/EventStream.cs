using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ModelMigrate.Providers.Bedrock;

/// <summary>
/// Takes the bytes of an AWS event stream in pieces of any size and hands out whole messages: lengths and their CRC, headers, payload, CRC of all.
/// Source: the application/vnd.amazon.eventstream encoding of the AWS SDKs and of Smithy 2.0. Has one owner.
/// </summary>
internal sealed class EventStream : IDisposable
{
    /// <summary>The protocol's own limit is 16 MB of payload.</summary>
    private const int MaxMessage = 24 * 1024 * 1024;

    private const int Prelude = 12;
    private const int TextType = 7;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private int _start;
    private int _end;
    private (int Start, int Length) _payload;

    /// <summary>For example <c>contentBlockDelta</c>; of an exception its type; null when the message does not say.</summary>
    public string? Type { get; private set; }

    /// <summary>Whether the message says that the answer failed.</summary>
    public bool IsError { get; private set; }

    /// <summary>What an error without a payload says.</summary>
    public string? ErrorMessage { get; private set; }

    /// <summary>Whether the bytes are no event stream: a checksum or a length does not hold. Nothing is read after that.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether bytes wait that do not make a whole message.</summary>
    public bool HasPartial => _end > _start;

    /// <summary>The payload of the message read last.</summary>
    public ReadOnlySpan<byte> Payload => _bytes.AsSpan(_payload.Start, _payload.Length);

    /// <summary>Room for the next bytes. What the message read last held is gone then.</summary>
    public Memory<byte> Free()
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
            _bytes.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(_end);
    }

    public void Advance(int read) => _end += read;

    /// <summary>Reads the next whole message; false when more bytes are needed, or when the stream is broken.</summary>
    public bool TryRead()
    {
        var bytes = _bytes.AsSpan(_start, _end - _start);
        if (IsBroken || bytes.Length < Prelude)
        {
            return false;
        }

        var total = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if (Crc32.Of(bytes[..8]) != BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) || total > MaxMessage || total < Prelude + 4 + (ulong)headers)
        {
            IsBroken = true;
            return false;
        }

        var (length, headerLength) = ((int)total, (int)headers);
        if (bytes.Length < length)
        {
            return false;
        }

        if (Crc32.Of(bytes[..(length - 4)]) != BinaryPrimitives.ReadUInt32BigEndian(bytes[(length - 4)..]) || !ReadHeaders(bytes.Slice(Prelude, headerLength)))
        {
            IsBroken = true;
            return false;
        }

        _payload = (_start + Prelude + headerLength, length - Prelude - headerLength - 4);
        _start += length;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private bool ReadHeaders(ReadOnlySpan<byte> headers)
    {
        (Type, IsError, ErrorMessage) = (null, false, null);
        while (headers.Length > 0)
        {
            var nameLength = headers[0];
            if (headers.Length < nameLength + 2)
            {
                return false;
            }

            var name = headers.Slice(1, nameLength);
            var kind = headers[nameLength + 1];
            headers = headers[(nameLength + 2)..];
            var (skipped, size) = SizeOf(kind, headers);
            if (size < 0 || headers.Length < skipped + size)
            {
                return false;
            }

            if (kind == TextType)
            {
                ReadHeader(name, Encoding.UTF8.GetString(headers.Slice(skipped, size)));
            }

            headers = headers[(skipped + size)..];
        }

        return true;
    }

    private void ReadHeader(ReadOnlySpan<byte> name, string value)
    {
        if (name.SequenceEqual(":event-type"u8) || name.SequenceEqual(":exception-type"u8) || name.SequenceEqual(":error-code"u8))
        {
            Type = value;
        }
        else if (name.SequenceEqual(":error-message"u8))
        {
            ErrorMessage = value;
        }
        else if (name.SequenceEqual(":message-type"u8))
        {
            IsError = value is "exception" or "error";
        }
    }

    /// <summary>Bytes of a header's value: of its own length field, and of the value; -1 when it is none.</summary>
    private static (int Skipped, int Size) SizeOf(byte kind, ReadOnlySpan<byte> rest) => kind switch
    {
        0 or 1 => (0, 0),
        2 => (0, 1),
        3 => (0, 2),
        4 => (0, 4),
        5 or 8 => (0, 8),
        6 or TextType => rest.Length < 2 ? (0, -1) : (2, BinaryPrimitives.ReadUInt16BigEndian(rest)),
        9 => (0, 16),
        _ => (0, -1),
    };
}
