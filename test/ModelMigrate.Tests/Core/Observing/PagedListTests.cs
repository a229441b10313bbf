using ModelMigrate.Core.Observing.Building;

namespace ModelMigrate.Tests.Core.Observing;

public sealed class PagedListTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(50_000)]
    public void Add_AnyNumber_KeptInOrderAndWritable(int count)
    {
        var list = new PagedList<long>();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < count; i++)
            {
                list.Add(i);
                list[i] += round;
            }

            Assert.Equal(Enumerable.Range(round, count).Select(static i => (long)i), Enumerable.Range(0, list.Count).Select(i => list[i]));
            list.Clear();
            Assert.Equal(0, list.Count);
        }
    }

    [Fact]
    public void Clear_TwoLists_NeverShareAPage()
    {
        var (a, b) = (new PagedList<long>(), new PagedList<long>());
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 5000; i++)
            {
                a.Add(i);
                b.Add(-i);
            }

            Assert.All(Enumerable.Range(0, 5000), i => Assert.Equal((i, -i), (a[i], b[i])));
            a.Clear();
            a.Clear();
            b.Clear();
        }
    }
}
