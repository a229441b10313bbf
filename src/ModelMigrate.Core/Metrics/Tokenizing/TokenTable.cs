namespace ModelMigrate.Core.Metrics.Tokenizing;

/// <summary>Gives equal tokens equal numbers, from 0 on in the order in which they come. Cleared in constant time; nothing is allocated once it is large enough.</summary>
internal sealed class TokenTable
{
    private char[] _text = new char[1024];
    private int[] _ends = new int[256];
    private int[] _hashes = new int[256];
    private int[] _slots = new int[1024];
    private int[] _marks = new int[1024];
    private int _mark = 1;

    /// <summary>How many unlike tokens there are.</summary>
    public int Count { get; private set; }

    public void Clear()
    {
        Count = 0;
        if (++_mark == int.MaxValue)
        {
            Array.Clear(_marks);
            _mark = 1;
        }
    }

    public int Number(ReadOnlySpan<char> token)
    {
        var hash = string.GetHashCode(token, StringComparison.Ordinal);
        var slot = hash & (_slots.Length - 1);
        for (; _marks[slot] == _mark; slot = (slot + 1) & (_slots.Length - 1))
        {
            var number = _slots[slot];
            if (_hashes[number] == hash && token.SequenceEqual(Token(number)))
            {
                return number;
            }
        }

        (_slots[slot], _marks[slot]) = (Count, _mark);
        return Append(token, hash);
    }

    public ReadOnlySpan<char> Token(int number)
    {
        var from = number == 0 ? 0 : _ends[number - 1];
        return _text.AsSpan(from, _ends[number] - from);
    }

    private int Append(ReadOnlySpan<char> token, int hash)
    {
        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Count * 2);
            Array.Resize(ref _hashes, Count * 2);
        }

        var from = Count == 0 ? 0 : _ends[Count - 1];
        if (from + token.Length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, from + token.Length));
        }

        token.CopyTo(_text.AsSpan(from));
        (_ends[Count], _hashes[Count]) = (from + token.Length, hash);
        Count++;
        if (Count * 2 > _slots.Length)
        {
            Grow();
        }

        return Count - 1;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        _marks = new int[_slots.Length];
        _mark = 1;
        for (var number = 0; number < Count; number++)
        {
            var slot = _hashes[number] & (_slots.Length - 1);
            while (_marks[slot] == _mark)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            (_slots[slot], _marks[slot]) = (number, _mark);
        }
    }
}
