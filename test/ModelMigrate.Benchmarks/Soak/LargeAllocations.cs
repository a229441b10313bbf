using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace ModelMigrate.Benchmarks.Soak;

/// <summary>
/// What another .NET process allocates on its large object heap (objects of 85,000 bytes and more), by type and size: the runtime reports one allocation in
/// each 100 kB of that heap, so that none of more than that goes unseen. Listens from its making until <see cref="StopAsync"/>.
/// </summary>
internal sealed class LargeAllocations
{
    private readonly EventPipeSession _session;
    private readonly Task _reading;
    private readonly ConcurrentDictionary<string, int> _types = new(StringComparer.Ordinal);

    public LargeAllocations(int pid)
    {
        _session = new DiagnosticsClient(pid).StartEventPipeSession(
            new EventPipeProvider(ClrTraceEventParser.ProviderName, EventLevel.Verbose, (long)ClrTraceEventParser.Keywords.GC), requestRundown: false);
        _reading = Task.Run(Read);
    }

    /// <summary>Ends the listening; how many were seen of each.</summary>
    public async Task<IReadOnlyDictionary<string, int>> StopAsync()
    {
        await _session.StopAsync(CancellationToken.None);
        await _reading;
        _session.Dispose();
        return _types;
    }

    private void Read()
    {
        using var source = new EventPipeEventSource(_session.EventStream);
        source.Clr.GCAllocationTick += tick =>
        {
            if (tick.AllocationKind == GCAllocationKind.Large)
            {
                _types.AddOrUpdate($"{tick.TypeName} of {tick.ObjectSize:N0} B", 1, static (_, count) => count + 1);
            }
        };
        source.Process();
    }
}
