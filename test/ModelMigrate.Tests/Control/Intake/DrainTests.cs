using ModelMigrate.Core.Observing;

namespace ModelMigrate.Tests.Control.Intake;

public sealed class DrainTests
{
    [Theory]
    [InlineData(ObservationStream.FillingAt - 1, ObservationStream.FillingAt - 1)]
    [InlineData(ObservationStream.FillingAt, 0)]
    [InlineData((2 * ObservationStream.FillingAt) - 1, ObservationStream.FillingAt - 1)]
    public async Task Stream_Filling_IsDrainedBeforeTheNextTick(int admitted, int waits)
    {
        await using var bench = await ControlBench.StartAsync();
        for (var i = 0; i < admitted; i++)
        {
            Assert.True(bench.Observations.TryAdmit(new MigrationId(ControlBench.Id), 1, 1, 100_000, Arm.Source, (ulong)i, out _));
            if (i % ObservationStream.FillingAt == ObservationStream.FillingAt - 1)
            {
                await bench.SettleAsync();
            }
        }

        var left = new List<ObservationEvent>();
        bench.Observations.Drain(left);
        Assert.Equal(waits, left.Count);
    }
}
