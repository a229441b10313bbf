using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Tests.Core.Routing;

public sealed class BucketingTests
{
    /// <summary>Vectors that Murmur3 implementations share (smhasher's verification and the Wikipedia article's table).</summary>
    [Theory]
    [InlineData("", 0u, 0u)]
    [InlineData("", 1u, 0x514E28B7u)]
    [InlineData("", 0xFFFFFFFFu, 0x81F16F39u)]
    [InlineData("test", 0u, 0xBA6BD213u)]
    [InlineData("test", 0x9747B28Cu, 0x704B81DCu)]
    [InlineData("Hello, world!", 0u, 0xC0363E43u)]
    [InlineData("Hello, world!", 0x9747B28Cu, 0x24884CBAu)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0u, 0x2E4FF723u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x9747B28Cu, 0x2FA826CDu)]
    public void Murmur3_KnownText_KnownHash(string text, uint seed, uint expected) =>
        Assert.Equal(expected, Bucketing.Murmur3(Encoding.UTF8.GetBytes(text), seed));

    [Theory]
    [InlineData("FFFFFFFF", 0u, 0x76293B50u)]
    [InlineData("21436587", 0u, 0xF55B516Bu)]
    [InlineData("21436587", 0x5082EDEEu, 0x2362F9DEu)]
    [InlineData("214365", 0u, 0x7E4A8634u)]
    [InlineData("2143", 0u, 0xA0F7B07Au)]
    [InlineData("21", 0u, 0x72661CF4u)]
    public void Murmur3_KnownBytes_KnownHash(string hex, uint seed, uint expected) =>
        Assert.Equal(expected, Bucketing.Murmur3(Convert.FromHexString(hex), seed));

    [Fact]
    public void Bucket_RaisedWeight_MovesKeysOnlyToTheTarget() =>
        Prop.ForAll<byte[], uint, (int, int)>((key, seed, weights) =>
        {
            var (low, high) = (Math.Abs(weights.Item1 % 1_000_001), Math.Abs(weights.Item2 % 1_000_001));
            (low, high) = (Math.Min(low, high), Math.Max(low, high));
            var bucket = Bucketing.Bucket(key, seed);
            return !(bucket < low) || bucket < high;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Bucket_AnyKey_StaysInRange() =>
        Prop.ForAll<byte[], uint, int>((key, seed, total) =>
        {
            total = Math.Max(1, Math.Abs(total % 5_000_000));
            return Bucketing.Bucket(key, seed, total) is var bucket && bucket >= 0 && bucket < total;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1u)]
    [InlineData(86028157u)]
    [InlineData(0xDEADBEEFu)]
    public void Bucket_SequentialUsers_Uniform(uint seed)
    {
        const int users = 200_000, cells = 100;
        var counts = new int[cells];
        for (var user = 0; user < users; user++)
        {
            counts[Bucketing.Bucket(Encoding.UTF8.GetBytes($"user-{user}"), seed, cells)]++;
        }

        var expected = users / (double)cells;
        var chiSquare = counts.Sum(c => (c - expected) * (c - expected) / expected);

        // The 0.9999 quantile of chi-square with 99 degrees of freedom is 160.6.
        Assert.InRange(chiSquare, 40, 160.6);
    }

    [Fact]
    public void Bucket_TwoSeeds_Independent()
    {
        const int users = 100_000;
        var both = 0;
        for (var user = 0; user < users; user++)
        {
            var key = Encoding.UTF8.GetBytes($"user-{user}");
            both += Bucketing.Bucket(key, 1) < 100_000 && Bucketing.Bucket(key, 2) < 100_000 ? 1 : 0;
        }

        // 10 % of 10 %, within five standard deviations.
        Assert.InRange(both, 1000 - 158, 1000 + 158);
    }
}
