using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Tests.Core.Observing;

/// <summary>The grid of score pairs: rounding keeps means, adding keeps counts.</summary>
public sealed class PairTableTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(0.777)]
    [InlineData(0.9999)]
    [InlineData(1)]
    public void LevelOf_ManyTickets_KeepsTheMeanAndTakesNeighboursOnly(double score)
    {
        const int N = 40_000;
        var sum = 0.0;
        for (var ticket = 1L; ticket <= N; ticket++)
        {
            var level = PairTable.LevelOf(score, ticket, PairedScore.Quality);
            Assert.InRange(level, Math.Floor(score * 32), Math.Ceiling(score * 32));
            Assert.Equal(level, PairTable.LevelOf(score, ticket, PairedScore.Quality));
            sum += PairTable.Value(level);
        }

        // Five standard errors of the rounding, at most half a level.
        Assert.InRange(sum / N, score - (5 * 0.5 / 32 / Math.Sqrt(N)), score + (5 * 0.5 / 32 / Math.Sqrt(N)));
    }

    [Fact]
    public void Add_AnySplit_SameTableAsAllAtOnce() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte>(), static (cells, at) =>
    {
        var whole = Of(cells);
        var split = Math.Min(at, cells.Length);
        var parts = Of(cells[split..]).Add(Of(cells[..split]));
        Assert.Equal(whole.Cells.ToArray(), parts.Cells.ToArray());
        Assert.Equal(whole.Counts.ToArray(), parts.Counts.ToArray());
        Assert.Equal(cells.Length, parts.Count);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Json_AnyTable_ReadsBackTheSame() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), static cells =>
    {
        var counts = new ScoreCounts(PairedScore.Quality) { Table = Of(cells) };
        var read = JsonSerializer.Deserialize<ScoreCounts>(JsonSerializer.Serialize(counts))!;
        Assert.Equal(counts.Table.Cells.ToArray(), read.Table.Cells.ToArray());
        Assert.Equal(counts.Table.Counts.ToArray(), read.Table.Counts.ToArray());
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("AAA=")]
    [InlineData("QQQBAAAA")]
    [InlineData("AAAAAAAA")]
    public void Json_Broken_Throws(string base64) => Assert.Throws<JsonException>(
        () => JsonSerializer.Deserialize<ScoreCounts>($$"""{"Score":0,"Table":"{{base64}}"}"""));

    private static PairTable Of(byte[] cells)
    {
        var dense = new int[33 * 33];
        foreach (var cell in cells)
        {
            dense[cell * 4]++;
        }

        return PairTable.FromDense(dense);
    }
}
