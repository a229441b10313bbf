using ModelMigrate.Benchmarks.Soak;
using ModelMigrate.Tests.Scenarios;
using Xunit.Abstractions;

namespace ModelMigrate.Tests.Benchmarks;

/// <summary>The soak of the served gateway, a tenth of it by default.</summary>
[Trait("kind", "slow")]
public sealed class SoakTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Soak_StreamsFaultsAndClientsThatLeave_NothingIsLeftBehind()
    {
        await using var said = new StringWriter();
        var failed = await SoakBench.RunAsync(new SoakOptions { Requests = Repetitions.Of(200_000) }, said);
        Repetitions.Report(output, said.ToString());
        Assert.True(failed == 0, said.ToString());
    }
}
