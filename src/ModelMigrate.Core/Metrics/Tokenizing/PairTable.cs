namespace ModelMigrate.Core.Metrics.Tokenizing;

/// <summary>Gives equal pairs of numbers equal numbers, from 0 on. An n-gram is the pair of its first n − 1 tokens' number and its last token's: no collisions.</summary>
internal sealed class PairTable
{
    private ulong[] _keys = new ulong[1024];
    private int[] _values = new int[1024];
    private int[] _marks = new int[1024];
    private int _mark = 1;

    /// <summary>How many unlike pairs there are.</summary>
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

    public int Number(int first, int second)
    {
        if (Count * 2 >= _keys.Length)
        {
            Grow();
        }

        var key = ((ulong)(uint)first << 32) | (uint)second;
        var slot = Slot(key);
        for (; _marks[slot] == _mark; slot = (slot + 1) & (_keys.Length - 1))
        {
            if (_keys[slot] == key)
            {
                return _values[slot];
            }
        }

        (_keys[slot], _values[slot], _marks[slot]) = (key, Count, _mark);
        return Count++;
    }

    // Fibonacci hashing: the high bits of a product are mixed well.
    private int Slot(ulong key) => (int)((key * 0x9E3779B97F4A7C15) >> 33) & (_keys.Length - 1);

    private void Grow()
    {
        var (keys, values, marks, mark) = (_keys, _values, _marks, _mark);
        _keys = new ulong[keys.Length * 2];
        _values = new int[_keys.Length];
        _marks = new int[_keys.Length];
        _mark = 1;
        for (var i = 0; i < keys.Length; i++)
        {
            if (marks[i] != mark)
            {
                continue;
            }

            var slot = Slot(keys[i]);
            while (_marks[slot] == _mark)
            {
                slot = (slot + 1) & (_keys.Length - 1);
            }

            (_keys[slot], _values[slot], _marks[slot]) = (keys[i], values[i], _mark);
        }
    }
}
