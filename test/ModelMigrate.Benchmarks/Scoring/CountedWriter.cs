using System.Text;

namespace ModelMigrate.Benchmarks.Scoring;

/// <summary>Counts lines and keeps none; looks at the heap at each write.</summary>
internal sealed class CountedWriter : TextWriter
{
    public long Lines { get; private set; }

    public long LargestHeap { get; private set; }

    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => Lines++;

    public override void Write(string? value)
    {
        Lines += value.AsSpan().Count('\n');
        LargestHeap = Math.Max(LargestHeap, GC.GetTotalMemory(forceFullCollection: false));
    }

    public override void Write(char value) => throw new NotSupportedException("Only whole lines are counted.");
}
