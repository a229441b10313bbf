using System.Buffers;
using ModelMigrate.Providers.Exchange.Answers;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Gateway.Caching;

/// <summary>
/// Remembers an answer while it is written to its client, up to a size; beyond it only lets it pass. Stands before the client's buffer for
/// what is translated. Has one owner, the request.
/// </summary>
internal sealed class RecordedAnswer(IBufferWriter<byte> client, long maxBytes) : IBufferWriter<byte>, IDisposable
{
    private readonly PooledBytes _bytes = new(expected: 0);
    private Memory<byte> _handedOut;
    private bool _isTooLarge;

    public AnswerHead? Head { get; private set; }

    /// <summary>The answer so far, or null when it is too large to be kept.</summary>
    public byte[]? ToArray() => _isTooLarge ? null : _bytes.Span.ToArray();

    public void Begin(AnswerHead head) => Head = head;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_isTooLarge || _bytes.Length + bytes.Length > maxBytes)
        {
            _isTooLarge = true;
            return;
        }

        _bytes.Append(bytes);
    }

    public void Advance(int count)
    {
        Add(_handedOut.Span[..count]);
        client.Advance(count);
        _handedOut = default;
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _handedOut = client.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose() => _bytes.Dispose();
}
