namespace ModelMigrate.Core.Statistics;

/// <summary>
/// Cases as rows of counts of which a function of the sums is the value: the mean of differences, or a corpus metric of two arms, whose counts
/// stand side by side in a row.
/// </summary>
public sealed class CountTable
{
    private readonly double[] _counts;
    private readonly Func<ReadOnlySpan<double>, double> _value;

    private CountTable(double[] counts, int width, Func<ReadOnlySpan<double>, double> value) => (_counts, Width, _value) = (counts, width, value);

    /// <summary>Counts in a row.</summary>
    public int Width { get; }

    public int Rows => _counts.Length / Width;

    /// <summary>Any function of the sums of rows of <paramref name="width"/> counts.</summary>
    public static CountTable Of(double[] counts, int width, Func<ReadOnlySpan<double>, double> value) => counts.Length % width == 0
        ? new CountTable(counts, width, value)
        : throw new ArgumentException("Every row needs the same number of counts.", nameof(counts));

    /// <summary>The mean of paired differences.</summary>
    public static CountTable OfDifferences(ReadOnlySpan<double> differences)
    {
        var counts = new double[2 * differences.Length];
        for (var row = 0; row < differences.Length; row++)
        {
            (counts[2 * row], counts[(2 * row) + 1]) = (differences[row], 1);
        }

        return new CountTable(counts, width: 2, static sums => sums[0] / sums[1]);
    }

    /// <summary>Corpus value of the second arm less that of the first; both have <paramref name="width"/> counts a case, in the same order of cases.</summary>
    public static CountTable OfArms(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int width, Func<ReadOnlySpan<double>, double> corpus)
    {
        if (first.Length != second.Length || first.Length % width != 0)
        {
            throw new ArgumentException("Both arms need the same number of whole rows.", nameof(second));
        }

        var counts = new double[2 * first.Length];
        for (var row = 0; row < first.Length / width; row++)
        {
            first.Slice(row * width, width).CopyTo(counts.AsSpan(2 * row * width));
            second.Slice(row * width, width).CopyTo(counts.AsSpan(((2 * row) + 1) * width));
        }

        return new CountTable(counts, 2 * width, sums => corpus(sums[width..]) - corpus(sums[..width]));
    }

    public ReadOnlySpan<double> Row(int row) => _counts.AsSpan(row * Width, Width);

    public double Value(ReadOnlySpan<double> sums) => _value(sums);

    /// <summary>Adds a row to sums, or takes it away.</summary>
    public void Add(int row, Span<double> sums, double times = 1)
    {
        var counts = Row(row);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += times * counts[i];
        }
    }

    /// <summary>The sums of all rows.</summary>
    public double[] Sums()
    {
        var sums = new double[Width];
        for (var row = 0; row < Rows; row++)
        {
            Add(row, sums);
        }

        return sums;
    }
}
