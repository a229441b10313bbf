namespace ModelMigrate.Core.Metrics.Tokenizing;

/// <summary>Text that is being written, indexed while it is.</summary>
internal sealed class CharList
{
    private char[] _chars = new char[1024];

    public int Count { get; private set; }

    public Span<char> Span => _chars.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Cut(int count) => Count = count;

    public void Add(char c)
    {
        if (Count == _chars.Length)
        {
            Array.Resize(ref _chars, Count * 2);
        }

        _chars[Count++] = c;
    }

    public void Add(ReadOnlySpan<char> text)
    {
        if (Count + text.Length > _chars.Length)
        {
            Array.Resize(ref _chars, Math.Max(_chars.Length * 2, Count + text.Length));
        }

        text.CopyTo(_chars.AsSpan(Count));
        Count += text.Length;
    }
}
