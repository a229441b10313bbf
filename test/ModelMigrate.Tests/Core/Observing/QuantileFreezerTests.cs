using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Building;

namespace ModelMigrate.Tests.Core.Observing;

public sealed class QuantileFreezerTests
{
    private long _ticket;

    [Fact]
    public void End_FirstCohort_FreezesItsQuantiles()
    {
        var freezer = new QuantileFreezer(100, frozen: null);
        Answer(freezer, Enumerable.Range(1, 99));
        Assert.Null(freezer.Frozen);
        Answer(freezer, [100]);
        Assert.Equal(TimeSpan.FromMilliseconds(50), freezer.Frozen!.TotalP50);
        Assert.Equal(TimeSpan.FromMilliseconds(90), freezer.Frozen.TotalP90);
    }

    [Fact]
    public void End_ColdStartOver_FreezesAnew()
    {
        var freezer = new QuantileFreezer(100, frozen: null);
        Answer(freezer, Enumerable.Range(1, 100).Select(i => 2000 + i));
        Answer(freezer, Enumerable.Range(1, 100).Select(i => 200 + i));
        Assert.Equal(TimeSpan.FromMilliseconds(250), freezer.Frozen!.TotalP50);
    }

    [Fact]
    public void End_CohortsAlike_KeepsTheFirst()
    {
        var freezer = new QuantileFreezer(100, frozen: null);
        Answer(freezer, Enumerable.Range(1, 100).Select(i => 200 + i));
        var first = freezer.Frozen;
        for (var cohort = 0; cohort < 10; cohort++)
        {
            Answer(freezer, Enumerable.Range(1, 100).Select(i => 195 + i));
        }

        Assert.Same(first, freezer.Frozen);
    }

    [Fact]
    public void End_FailedAnswers_AreNotInTheCohort()
    {
        var freezer = new QuantileFreezer(10, frozen: null);
        Answer(freezer, Enumerable.Repeat(1, 50), Outcome.Error);
        Answer(freezer, Enumerable.Range(101, 10));
        Assert.Equal(TimeSpan.FromMilliseconds(105), freezer.Frozen!.TotalP50);
    }

    private void Answer(QuantileFreezer freezer, IEnumerable<int> milliseconds, Outcome outcome = Outcome.Ok)
    {
        foreach (var latency in milliseconds)
        {
            freezer.Admit(++_ticket);
            freezer.End(new Observation { Ticket = _ticket, Outcome = outcome, Latency = TimeSpan.FromMilliseconds(latency) });
        }
    }
}
