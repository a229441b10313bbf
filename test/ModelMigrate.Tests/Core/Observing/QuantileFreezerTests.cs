using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;

namespace ModelMigrate.Tests.Core.Observing;

public sealed class QuantileFreezerTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _ticket;

    [Fact]
    public void End_FirstCohort_FreezesItsQuantiles()
    {
        var freezer = New(100);
        Answer(freezer, Enumerable.Range(1, 99));
        Assert.Null(freezer.Frozen);
        Answer(freezer, [100]);
        Assert.Equal(TimeSpan.FromMilliseconds(50), freezer.Frozen!.TotalP50);
        Assert.Equal(TimeSpan.FromMilliseconds(90), freezer.Frozen.TotalP90);
    }

    [Fact]
    public void End_ColdStartOver_FreezesAnew()
    {
        var freezer = New(100);
        Answer(freezer, Enumerable.Range(1, 100).Select(i => 2000 + i));
        Answer(freezer, Enumerable.Range(1, 100).Select(i => 200 + i));
        Assert.Equal(TimeSpan.FromMilliseconds(250), freezer.Frozen!.TotalP50);
    }

    [Fact]
    public void End_CohortsAlike_KeepsTheFirst()
    {
        var freezer = New(100);
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
        var freezer = New(10);
        Answer(freezer, Enumerable.Repeat(1, 50), Outcome.Error);
        Answer(freezer, Enumerable.Range(101, 10));
        Assert.Equal(TimeSpan.FromMilliseconds(105), freezer.Frozen!.TotalP50);
    }

    [Fact]
    public void Admit_TenMinutesOver_TwentyAnswersDo()
    {
        var freezer = New(100);
        for (var i = 0; i < 20; i++)
        {
            AnswerAt(freezer, i, seconds: 30 * i, milliseconds: 100);
        }

        Assert.Null(freezer.Frozen);
        freezer.Admit(20, s_start.AddSeconds(599));
        Assert.Null(freezer.Frozen);
        freezer.Admit(21, s_start.AddSeconds(600));
        Assert.Equal(TimeSpan.FromMilliseconds(100), freezer.Frozen?.TotalP90);
    }

    [Fact]
    public void Admit_TenMinutesOverWithNineteenAnswers_WaitsForTheTwentieth()
    {
        var freezer = New(100);
        for (var i = 0; i < 19; i++)
        {
            AnswerAt(freezer, i, seconds: 100 * i, milliseconds: 100);
        }

        Assert.Null(freezer.Frozen);
        AnswerAt(freezer, 19, seconds: 5000, milliseconds: 100);
        Assert.NotNull(freezer.Frozen);
    }

    [Fact]
    public void End_SourceFailsFourOfFive_FreezesAfterHundredFailures()
    {
        var freezer = New(100);
        var requests = 0;
        for (; freezer.Frozen is null; requests++)
        {
            AnswerAt(freezer, requests, seconds: requests, milliseconds: 100, requests % 5 == 0 ? Outcome.Ok : Outcome.Error);
        }

        Assert.Equal(125, requests);
    }

    [Fact]
    public void End_SourceFailsAlways_NeverFreezesFromNothing()
    {
        var freezer = New(100);
        for (var i = 0; i < 1000; i++)
        {
            AnswerAt(freezer, i, seconds: i, milliseconds: 100, Outcome.Error);
        }

        Assert.Null(freezer.Frozen);
    }

    private static QuantileFreezer New(int sample) => new(new BlockOptions { QuantileSample = sample }, frozen: null);

    private static void AnswerAt(QuantileFreezer freezer, long ticket, double seconds, double milliseconds, Outcome outcome = Outcome.Ok)
    {
        freezer.Admit(ticket, s_start.AddSeconds(seconds));
        freezer.End(new Observation { Ticket = ticket, Outcome = outcome, Latency = TimeSpan.FromMilliseconds(milliseconds) });
    }

    private void Answer(QuantileFreezer freezer, IEnumerable<int> milliseconds, Outcome outcome = Outcome.Ok)
    {
        foreach (var latency in milliseconds)
        {
            freezer.Admit(++_ticket, s_start);
            freezer.End(new Observation { Ticket = _ticket, Outcome = outcome, Latency = TimeSpan.FromMilliseconds(latency) });
        }
    }
}
