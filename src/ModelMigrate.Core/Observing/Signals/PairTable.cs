namespace ModelMigrate.Core.Observing.Signals;

/// <summary>
/// How many matched pairs had which two scores, on a grid of 33 levels between 0 and 1. A score between two levels is rounded to one of
/// them with the probability that keeps its mean, decided by its ticket: the same request is rounded the same way always. Immutable and
/// sparse; adding gives a new one, and no order or splitting of the adding changes it.
/// </summary>
public sealed class PairTable
{
    /// <summary>Levels of each score: 0, 1/32, …, 1.</summary>
    public const int Levels = 33;

    public static readonly PairTable Empty = new([], []);

    internal const int Size = Levels * Levels;

    private readonly ushort[] _cells;
    private readonly int[] _counts;

    private PairTable(ushort[] cells, int[] counts)
    {
        _cells = cells;
        _counts = counts;
        foreach (var count in counts)
        {
            Count += count;
        }
    }

    /// <summary>Pairs counted.</summary>
    public long Count { get; }

    /// <summary>Cells that hold pairs, ascending; <see cref="SourceLevel"/> and <see cref="TargetLevel"/> take them apart.</summary>
    internal ReadOnlySpan<ushort> Cells => _cells;

    /// <summary>Pairs in each of <see cref="Cells"/>, all above 0.</summary>
    internal ReadOnlySpan<int> Counts => _counts;

    /// <summary>Mean score of the source's side, or null without pairs.</summary>
    public double? SourceMean => Mean(static cell => Value(SourceLevel(cell)));

    /// <summary>Mean score of the target's side, or null without pairs.</summary>
    public double? TargetMean => Mean(static cell => Value(TargetLevel(cell)));

    public static int SourceLevel(int cell) => cell / Levels;

    public static int TargetLevel(int cell) => cell % Levels;

    public static ushort Cell(int sourceLevel, int targetLevel) => (ushort)((sourceLevel * Levels) + targetLevel);

    /// <summary>The score that a level stands for.</summary>
    public static double Value(int level) => level / (double)(Levels - 1);

    /// <summary>
    /// The level of a score between 0 and 1: the one above with the probability of the remainder, decided by a hash of
    /// <paramref name="ticket"/> and <paramref name="salt"/>, so that the mean is kept.
    /// </summary>
    public static int LevelOf(double value, long ticket, PairedScore salt)
    {
        var scaled = Math.Clamp(value, 0, 1) * (Levels - 1);
        var low = (int)scaled;
        return low >= Levels - 1 ? Levels - 1 : low + (Uniform(ticket, salt) < scaled - low ? 1 : 0);
    }

    /// <summary>Of counts by cell, one entry for each of all 1089.</summary>
    public static PairTable FromDense(ReadOnlySpan<int> dense)
    {
        var used = 0;
        foreach (var count in dense)
        {
            used += count == 0 ? 0 : 1;
        }

        if (used == 0)
        {
            return Empty;
        }

        var cells = new ushort[used];
        var counts = new int[used];
        var at = 0;
        for (var i = 0; i < dense.Length; i++)
        {
            if (dense[i] != 0)
            {
                cells[at] = (ushort)i;
                counts[at++] = dense[i];
            }
        }

        return new PairTable(cells, counts);
    }

    /// <summary>Of one cell a pair; sorts <paramref name="pairs"/>.</summary>
    internal static PairTable FromPairs(Span<ushort> pairs)
    {
        pairs.Sort();
        var used = 0;
        for (var i = 0; i < pairs.Length; i++)
        {
            used += i == 0 || pairs[i] != pairs[i - 1] ? 1 : 0;
        }

        var cells = new ushort[used];
        var counts = new int[used];
        var at = -1;
        for (var i = 0; i < pairs.Length; i++)
        {
            at += i == 0 || pairs[i] != pairs[i - 1] ? 1 : 0;
            cells[at] = pairs[i];
            counts[at]++;
        }

        return new PairTable(cells, counts);
    }

    /// <summary>Both together.</summary>
    public PairTable Add(PairTable other)
    {
        if (other._cells.Length == 0)
        {
            return this;
        }

        if (_cells.Length == 0)
        {
            return other;
        }

        Span<int> dense = stackalloc int[Size];
        dense.Clear();
        AddTo(dense);
        other.AddTo(dense);
        return FromDense(dense);
    }

    internal void AddTo(Span<int> dense)
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            dense[_cells[i]] += _counts[i];
        }
    }

    private double? Mean(Func<int, double> value)
    {
        if (Count == 0)
        {
            return null;
        }

        var sum = 0.0;
        for (var i = 0; i < _cells.Length; i++)
        {
            sum += _counts[i] * value(_cells[i]);
        }

        return sum / Count;
    }

    /// <summary>SplitMix64's finisher (Steele, Lea and Flood 2014) of the ticket, as a number in [0, 1).</summary>
    private static double Uniform(long ticket, PairedScore salt)
    {
        var hash = unchecked(((ulong)ticket * 0x9E3779B97F4A7C15) + ((ulong)salt * 0xD1B54A32D192ED03));
        hash = unchecked((hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9);
        hash = unchecked((hash ^ (hash >> 27)) * 0x94D049BB133111EB);
        return ((hash ^ (hash >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
