namespace ModelMigrate.Core.Metrics.Tokenizing;

/// <summary>A list of numbers that is filled again and again.</summary>
internal sealed class NumberList
{
    private int[] _numbers = new int[256];

    public int Count { get; private set; }

    public Span<int> Span => _numbers.AsSpan(0, Count);

    public void Add(int number)
    {
        if (Count == _numbers.Length)
        {
            Array.Resize(ref _numbers, Count * 2);
        }

        _numbers[Count++] = number;
    }

    /// <summary>Keeps the first <paramref name="count"/>.</summary>
    public void Cut(int count) => Count = count;

    /// <summary>Empties it and makes room for that many zeroes.</summary>
    public Span<int> Zeroes(int count)
    {
        if (_numbers.Length < count)
        {
            _numbers = new int[Math.Max(count, _numbers.Length * 2)];
        }

        Count = count;
        Span.Clear();
        return Span;
    }
}
