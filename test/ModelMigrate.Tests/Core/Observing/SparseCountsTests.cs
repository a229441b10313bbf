using System.Text.Json;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Tests.Core.Observing;

/// <summary>The one stored form of histograms and tables of pairs: journals and exports of earlier versions hold it.</summary>
public sealed class SparseCountsTests
{
    // Entries of 6 bytes, little-endian: cell 0x0102 = 258 with count 3, cell 300 with count 70,000.
    private const string Stored = "\"AgEDAAAALAFwEQEA\"";

    private static readonly JsonSerializerOptions s_json = new() { Converters = { new LatencyHistogramConverter(), new PairTableConverter() } };

    [Fact]
    public void Converters_StoredText_IsReadAndWrittenAlike()
    {
        var histogram = Read<LatencyHistogram>(Stored);
        Assert.Equal(70_003, histogram.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(Math.Pow(1.05, 300.5)), histogram.Quantile(0.5));
        var table = Read<PairTable>(Stored);
        Assert.Equal([258, 300], table.Cells.ToArray());
        Assert.Equal([3, 70_000], table.Counts.ToArray());
        Assert.Equal(Stored, Write(histogram));
        Assert.Equal(Stored, Write(table));
    }

    [Theory]
    [InlineData("\"AgED\"", "A latency histogram is base64 of 6-byte entries.")]
    [InlineData("\"AgEAAAAA\"", "A latency histogram has a cell out of range.")]
    [InlineData("\"QAEDAAAA\"", "A latency histogram has a cell out of range.")]
    public void Read_NotThatForm_SaysWhat(string json, string message) =>
        Assert.Equal(message, Assert.Throws<JsonException>(() => Read<LatencyHistogram>(json)).Message);

    [Fact]
    public void Add_AnySplitting_GivesTheSame()
    {
        var random = new Random(3);
        var whole = new int[40];
        var sum = SparseCounts.Empty;
        for (var part = 0; part < 20; part++)
        {
            var dense = new int[40];
            for (var i = 0; i < 5; i++)
            {
                dense[random.Next(40)] += 1 + random.Next(3);
            }

            sum = sum.Add(SparseCounts.FromDense(dense));
            for (var i = 0; i < 40; i++)
            {
                whole[i] += dense[i];
            }
        }

        var expected = SparseCounts.FromDense(whole);
        Assert.Equal(expected.Cells.ToArray(), sum.Cells.ToArray());
        Assert.Equal(expected.Counts.ToArray(), sum.Counts.ToArray());
        Assert.Equal(whole.Sum(), sum.Total);
    }

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, s_json)!;

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, s_json);
}
