namespace ModelMigrate.Control.Evaluation.Storing;

/// <summary>Which answers are kept already: a bit for each row, repeat and arm. Written before a run begins, then only read.</summary>
internal sealed class DoneRows(int repeats)
{
    private ulong[] _bits = new ulong[16];

    public long Count { get; private set; }

    public bool Has(long sample, int repeat, int arm)
    {
        var at = Place(sample, repeat, arm);
        return at / 64 < _bits.Length && (_bits[at / 64] & (1UL << (int)(at % 64))) != 0;
    }

    public void Add(long sample, int repeat, int arm)
    {
        var at = Place(sample, repeat, arm);
        if (at / 64 >= _bits.Length)
        {
            Array.Resize(ref _bits, (int)Math.Max(at / 64 + 1, _bits.Length * 2L));
        }

        _bits[at / 64] |= 1UL << (int)(at % 64);
        Count++;
    }

    private long Place(long sample, int repeat, int arm) => (((sample * repeats) + repeat) * 2) + arm;
}
