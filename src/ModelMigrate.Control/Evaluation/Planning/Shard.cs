using System.Globalization;
using System.Runtime.InteropServices;

namespace ModelMigrate.Control.Evaluation.Planning;

/// <summary>Which rows one machine of several asks: every <paramref name="Of"/>-th, beginning with the <paramref name="Number"/>-th.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Shard(int Number, int Of)
{
    public static Shard Whole { get; } = new(1, 1);

    public bool IsWhole => Of == 1;

    public bool Has(long row) => row % Of == Number - 1;

    /// <summary>How many of so many rows it has.</summary>
    public long CountOf(long rows) => (rows / Of) + (rows % Of >= Number ? 1 : 0);

    /// <summary>Reads <c>2/5</c>.</summary>
    public static Shard? TryParse(string text) =>
        text.Split('/') is [var number, var of] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
        && int.TryParse(of, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && i >= 1 && n is >= 1 and <= 10_000 && i <= n
            ? new Shard(i, n)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Of}");
}
