using BenchmarkDotNet.Attributes;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;

namespace ModelMigrate.Benchmarks.Micro;

/// <summary>
/// What evidence costs: one second of traffic taken in and judged four times, and one judgement alone. Open blocks hold one request
/// each that does not end; they are what a slow answer leaves behind.
/// </summary>
[MemoryDiagnoser]
public class EvidenceBenchmark
{
    private readonly Queue<long> _held = new();
    private JudgedStream _stream = null!;

    [Params(1000, 9000)]
    public int Rate { get; set; }

    [Params(0, 300)]
    public int OpenBlocks { get; set; }

    [GlobalSetup]
    public void Begin()
    {
        _stream = new JudgedStream(GateDefaults.Chat, errorsIn: 200);
        for (var i = 0; i < 5; i++)
        {
            OneSecond();
        }

        // What is left open holds back every block after it, so that there are always as many; the oldest one is let go each second.
        for (var i = 0; i < OpenBlocks; i++)
        {
            _held.Enqueue(Admit());
            OneSecond();
        }
    }

    [Benchmark]
    public Evidence OneSecond()
    {
        Evidence? evidence = null;
        for (var quarter = 0; quarter < 4; quarter++)
        {
            for (var i = 0; i < Rate / 4; i++)
            {
                _stream.End(Admit());
            }

            if (quarter == 3 && _held.Count >= OpenBlocks && _held.TryDequeue(out var oldest))
            {
                _stream.End(oldest);
                _held.Enqueue(Admit());
            }

            evidence = Look();
        }

        return evidence!;
    }

    [Benchmark]
    public Evidence Look() => _stream.Look();

    private long Admit() => _stream.Admit(1.0 / Rate);
}
