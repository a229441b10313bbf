using BenchmarkDotNet.Attributes;
using ModelMigrate.Core.Judging;

namespace ModelMigrate.Benchmarks.Micro;

/// <summary>
/// What judging costs on a stream that goes on: a request counted and folded, a tick in which one request began and one ended, and a
/// tick in which nothing happened. With eight gates, as many as a migration with every default has, and with the three of chat.
/// </summary>
[MemoryDiagnoser]
public class JudgingBenchmark
{
    private const int Requests = 1000;

    private JudgedStream _stream = null!;

    [Params(3, 8)]
    public int Gates { get; set; }

    [GlobalSetup]
    public void Begin()
    {
        _stream = new JudgedStream([.. JudgedGates.All.Take(Gates)], errorsIn: 100);
        for (var i = 0; i < 5000; i++)
        {
            OneRequest(0.01);
            _stream.Look();
        }
    }

    /// <summary>A request begins and ends and is folded; a hundred of them a second, and a drain every 25.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public void Observation()
    {
        for (var i = 0; i < Requests; i++)
        {
            OneRequest(0.01);
            if (i % 25 == 0)
            {
                _stream.Drain();
            }
        }
    }

    /// <summary>One request a second begins and ends, and is looked at.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public Evidence? ChangedTick()
    {
        Evidence? evidence = null;
        for (var i = 0; i < Requests; i++)
        {
            OneRequest(1);
            evidence = _stream.Look();
        }

        return evidence;
    }

    /// <summary>Another look when nothing happened.</summary>
    [Benchmark]
    public Evidence UnchangedTick() => _stream.Look();

    private void OneRequest(double seconds) => _stream.End(_stream.Admit(seconds));
}
