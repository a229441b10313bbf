using ModelMigrate.Control.Intake;

namespace ModelMigrate.Tests.Control.Intake;

/// <summary>A provider that puts another model behind the same name resets the evidence; a stray answer does not.</summary>
public sealed class VersionWatchTests
{
    [Theory]
    [InlineData(25, false)]
    [InlineData(23, false)]
    [InlineData(20, true)]
    [InlineData(2, true)]
    public void Add_OneAnswerInSoManyIsStrange_ChangesAtFivePercent(int every, bool changes)
    {
        var watch = Learned();
        var told = Enumerable.Range(1, 2000).Select(i => watch.Add(i % every == 0 ? "v2" : "v1")).Where(version => version is not null).ToList();
        Assert.Equal(changes ? ["v2"] : [], told);
    }

    [Fact]
    public void Add_TwoVersionsFromTheStart_NoChange()
    {
        var watch = new VersionWatch();
        Assert.All(Enumerable.Range(0, 2000), i => Assert.Null(watch.Add(i % 3 == 0 ? "v1" : "v2")));
    }

    private static VersionWatch Learned()
    {
        var watch = new VersionWatch();
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(watch.Add("v1"));
        }

        return watch;
    }
}
