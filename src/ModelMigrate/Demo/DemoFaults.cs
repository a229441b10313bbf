using ModelMigrate.Simulation;

namespace ModelMigrate.Demo;

/// <summary>Brings the scenario's faults about, and knows when.</summary>
internal sealed class DemoFaults(DemoScenario scenario, SimulatedProvider source, SimulatedProvider target, TimeProvider time)
{
    /// <summary>After the first step began.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan BothOut = TimeSpan.FromSeconds(10);

    /// <summary>When the first fault began, or null before it and in a healthy run.</summary>
    public DateTimeOffset? Began { get; private set; }

    /// <summary>Waits and applies. Ends when nothing more will change.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (scenario == DemoScenario.Healthy)
        {
            return;
        }

        await Task.Delay(Delay, time, cancellation);
        Began = time.GetUtcNow();
        target.Faults = scenario switch
        {
            DemoScenario.Errors => target.Faults with { ErrorRate = 0.3 },
            DemoScenario.Slow => target.Faults with { SlowFactor = 3 },
            DemoScenario.Malformed => target.Faults with { MalformedRate = 1 },
            _ => target.Faults with { Down = true },
        };
        if (scenario == DemoScenario.BothOutage)
        {
            source.Faults = source.Faults with { Down = true };
            await Task.Delay(BothOut, time, cancellation);
            source.Faults = source.Faults with { Down = false };
            target.Faults = target.Faults with { Down = false };
        }
    }
}
