using System.Text.Json;
using ModelMigrate.Core.Observing.Blocks;

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

    public static readonly PairTable Empty = new(SparseCounts.Empty);

    internal const int Size = Levels * Levels;

    private readonly SparseCounts _pairs;

    /// <summary>Sums of the pairs' levels, whole numbers: the same however the pairs came together.</summary>
    private readonly long _sourceLevels;
    private readonly long _targetLevels;

    private PairTable(in SparseCounts pairs)
    {
        _pairs = pairs;
        for (var i = 0; i < pairs.Cells.Length; i++)
        {
            _sourceLevels += (long)pairs.Counts[i] * SourceLevel(pairs.Cells[i]);
            _targetLevels += (long)pairs.Counts[i] * TargetLevel(pairs.Cells[i]);
        }
    }

    private PairTable(in SparseCounts pairs, long sourceLevels, long targetLevels) => (_pairs, _sourceLevels, _targetLevels) = (pairs, sourceLevels, targetLevels);

    /// <summary>Pairs counted.</summary>
    public long Count => _pairs.Total;

    /// <summary>Cells that hold pairs, ascending; <see cref="SourceLevel"/> and <see cref="TargetLevel"/> take them apart.</summary>
    internal ReadOnlySpan<ushort> Cells => _pairs.Cells;

    /// <summary>Pairs in each of <see cref="Cells"/>, all above 0.</summary>
    internal ReadOnlySpan<int> Counts => _pairs.Counts;

    /// <summary>Mean score of the source's side, or null without pairs.</summary>
    public double? SourceMean => Mean(_sourceLevels);

    /// <summary>Mean score of the target's side, or null without pairs.</summary>
    public double? TargetMean => Mean(_targetLevels);

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
    public static PairTable FromDense(ReadOnlySpan<int> dense) => Of(SparseCounts.FromDense(dense));

    internal static PairTable Of(in SparseCounts pairs) => pairs.Total == 0 ? Empty : new PairTable(pairs);

    /// <summary>Of one cell a pair; sorts <paramref name="pairs"/>.</summary>
    internal static PairTable FromPairs(Span<ushort> pairs)
    {
        if (pairs.IsEmpty)
        {
            return Empty;
        }

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

        return new PairTable(new SparseCounts(cells, counts));
    }

    /// <summary>Both together.</summary>
    public PairTable Add(PairTable other) => other.Count == 0 ? this : Count == 0 ? other : new PairTable(
        _pairs.Add(other._pairs), _sourceLevels + other._sourceLevels, _targetLevels + other._targetLevels);

    internal void Write(Utf8JsonWriter writer) => _pairs.Write(writer);

    private double? Mean(long levels) => Count == 0 ? null : levels / (double)(Levels - 1) / Count;

    /// <summary>SplitMix64's finisher (Steele, Lea and Flood 2014) of the ticket, as a number in [0, 1).</summary>
    private static double Uniform(long ticket, PairedScore salt)
    {
        var hash = unchecked(((ulong)ticket * 0x9E3779B97F4A7C15) + ((ulong)salt * 0xD1B54A32D192ED03));
        hash = unchecked((hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9);
        hash = unchecked((hash ^ (hash >> 27)) * 0x94D049BB133111EB);
        return ((hash ^ (hash >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
