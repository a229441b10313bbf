using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Gateway.Caching;

/// <summary>One whole answer as its client got it: a body, or all events of a stream.</summary>
internal sealed class CachedAnswer(CacheKey key, byte[] body, string contentType, ModelSnapshot model, string? changes, long stored)
{
    /// <summary>What an entry takes beside its bytes, about.</summary>
    private const int Overhead = 512;

    private volatile bool _wasUsed;

    public CacheKey Key => key;

    public ReadOnlyMemory<byte> Body => body;

    public string ContentType => contentType;

    /// <summary>The model that gave it.</summary>
    public ModelSnapshot Model => model;

    /// <summary>What the model was asked otherwise than the client asked, as its header says it.</summary>
    public string? Changes => changes;

    /// <summary>Timestamp of when it was kept.</summary>
    public long Stored => stored;

    public long Size => body.Length + Overhead;

    /// <summary>Whether it was given again since the cache last looked for room.</summary>
    public bool WasUsed
    {
        get => _wasUsed;
        set => _wasUsed = value;
    }
}
