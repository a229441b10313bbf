using System.Text;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Core.Routing;

public sealed class RouterTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Assign_NoSplit_RouteModelUncounted()
    {
        var stage = new Stage(_clock, Snapshots.Route(split: null));
        var assignment = stage.Assign("anyone");
        Assert.Equal("gpt", assignment.Model.Id.Value);
        Assert.Null(assignment.Admission);
    }

    [Fact]
    public void Assign_SameKeyInTwoRouters_SameArm()
    {
        var route = Snapshots.Route(Snapshots.Split(300_000));
        var (first, second) = (new Stage(_clock, route), new Stage(new ManualClock(), route));
        for (var user = 0; user < 1000; user++)
        {
            Assert.Equal(first.Assign($"u{user}").Arm, second.Assign($"u{user}").Arm);
        }
    }

    [Fact]
    public void Assign_ThirtyPercent_AboutThirtyPercentOfKeysOnTarget()
    {
        var stage = new Stage(_clock, Snapshots.Route(Snapshots.Split(300_000)));
        var target = Enumerable.Range(0, 10_000).Count(user => stage.Assign($"u{user}").Arm == Arm.Target);
        Assert.InRange(target, 3000 - 230, 3000 + 230);
    }

    [Fact]
    public void Assign_WeightZero_SourceUncounted()
    {
        var stage = new Stage(_clock, Snapshots.Route(Snapshots.Split(0)));
        Assert.All(Enumerable.Range(0, 100), user => Assert.Equal((Arm.Source, false), stage.ArmOf($"u{user}")));
    }

    [Fact]
    public void Assign_AllowanceSpent_RestGoesToSourceUncounted()
    {
        var allowance = new Allowance();
        allowance.Grant(1, 7);
        var stage = new Stage(_clock, Snapshots.Route(Snapshots.Split(SplitSnapshot.Total) with { Allowance = allowance }));
        var arms = Enumerable.Range(0, 100).Select(user => stage.ArmOf($"u{user}")).ToList();
        Assert.Equal(7, arms.Count(a => a == (Arm.Target, true)));
        Assert.Equal(93, arms.Count(a => a == (Arm.Source, false)));
    }

    [Theory]
    [InlineData(false, Arm.Source)]
    [InlineData(true, Arm.Target)]
    public void Assign_ControlSilent_SafeArmUncountedUnlessProven(bool proven, Arm expected)
    {
        var stage = new Stage(_clock, Snapshots.Route(Snapshots.Split(SplitSnapshot.Total) with { TargetProven = proven }));
        Assert.Equal((Arm.Target, true), stage.ArmOf("u"));
        _clock.Advance(TimeSpan.FromSeconds(30.5));
        Assert.Equal((expected, proven), stage.ArmOf("u"));
        stage.Feed.Renew();
        Assert.Equal((Arm.Target, true), stage.ArmOf("u"));
    }

    [Fact]
    public void Assign_StreamFull_SafeArmUncounted()
    {
        var stage = new Stage(_clock, Snapshots.Route(Snapshots.Split(SplitSnapshot.Total)), capacity: 2);
        Assert.Equal((Arm.Target, true), stage.ArmOf("a"));
        Assert.Equal((Arm.Source, false), stage.ArmOf("b"));
        Assert.Equal(1, stage.Observations.Refused);
    }

    [Fact]
    public void Assign_TargetCannotServe_SourceUncounted()
    {
        var stage = new Stage(_clock, Snapshots.Route(Snapshots.Split(SplitSnapshot.Total)));
        var assignment = stage.Assign("u", targetCanServe: false);
        Assert.Equal(Arm.Source, assignment.Arm);
        Assert.Null(assignment.Admission);
    }

    private sealed class Stage
    {
        private readonly RouteSnapshot _route;
        private readonly Router _router;

        public Stage(TimeProvider clock, RouteSnapshot route, int capacity = ObservationStream.DefaultCapacity)
        {
            Feed = new SnapshotFeed(clock);
            Observations = new ObservationStream(clock, capacity);
            _router = new Router(Feed, Observations);
            _route = route;
            Assert.True(Feed.TryPublish(Snapshots.Of(1, route)));
        }

        public SnapshotFeed Feed { get; }

        public ObservationStream Observations { get; }

        public Assignment Assign(string key, bool targetCanServe = true) =>
            _router.Assign(Feed.Current, _route, Encoding.UTF8.GetBytes(key), targetCanServe);

        public (Arm, bool Counted) ArmOf(string key)
        {
            var assignment = Assign(key);
            return (assignment.Arm, assignment.Admission is not null);
        }
    }
}
