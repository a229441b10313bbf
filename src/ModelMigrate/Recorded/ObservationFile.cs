using System.Collections.Concurrent;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Recorded.Reading;

namespace ModelMigrate.Recorded;

/// <summary>
/// Judges an observation file in a pipeline: the caller's thread parses, and the runs are shared out among as many workers as there are
/// cores, so that a run stays with one. What waits between them is bounded.
/// </summary>
internal sealed class ObservationFile(RolloutSpec spec, Schedule? schedule)
{
    private const int BatchSize = 2048;
    private const int WaitingBatches = 16;

    private readonly RolloutSpec _spec = spec;
    private readonly Schedule? _schedule = schedule;
    private readonly LineParser _parser = new(Judge.SignalsFor(spec.Gates, spec.HardStops).Checks);
    private readonly ConcurrentBag<List<ObservationLine>> _spare = [];

    /// <summary>Every line that cannot be judged, in the file's order.</summary>
    public List<LineProblem> Problems { get; } = [];

    /// <summary>Lines read, blank ones included.</summary>
    public long Lines { get; private set; }

    /// <summary>Fields that were passed over, with the number of lines that have them.</summary>
    public IReadOnlyDictionary<string, long> Unknown => _parser.Unknown;

    /// <summary>The results in the order in which the file names its runs; empty when a line is bad. <paramref name="progress"/> hears of bytes and lines.</summary>
    public IReadOnlyList<RunResult> Results(Stream stream, Action<long, long>? progress, CancellationToken cancel)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var workers = new Worker[Math.Max(1, Environment.ProcessorCount)];
        for (var i = 0; i < workers.Length; i++)
        {
            workers[i] = new Worker(this, failed);
        }

        try
        {
            Parse(stream, workers, progress, failed.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // A worker broke; what it threw comes out below.
        }
        finally
        {
            foreach (var worker in workers)
            {
                worker.Lines.CompleteAdding();
            }
        }

        var results = workers.SelectMany(worker => worker.Results()).ToDictionary(result => result.Number, result => result.Result);
        return Problems.Count > 0 ? [] : [.. _parser.Runs.Select((name, number) => results[number] with { Run = name })];
    }

    private void Parse(Stream stream, Worker[] workers, Action<long, long>? progress, CancellationToken cancel)
    {
        var batches = new List<ObservationLine>[workers.Length];
        for (var i = 0; i < batches.Length; i++)
        {
            batches[i] = NewBatch();
        }

        using var reader = new LineReader(stream);
        while (reader.TryRead(out var text))
        {
            if ((reader.Number & 0xFFFF) == 0)
            {
                progress?.Invoke(reader.Bytes, reader.Number);
                cancel.ThrowIfCancellationRequested();
            }

            if (text.IsEmpty || text.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0)
            {
                continue;
            }

            if (!_parser.TryParse(text, out var line, out var wrong))
            {
                Problems.Add(new LineProblem(reader.Number, wrong));
            }

            // Nothing is judged of a file that is not whole, but all of it is read to say everything that is wrong.
            if (Problems.Count > 0)
            {
                continue;
            }

            var worker = line.Run % workers.Length;
            batches[worker].Add(line);
            if (batches[worker].Count == BatchSize)
            {
                workers[worker].Lines.Add(batches[worker], cancel);
                batches[worker] = NewBatch();
            }
        }

        Lines = reader.Number;
        for (var i = 0; i < workers.Length && Problems.Count == 0; i++)
        {
            workers[i].Lines.Add(batches[i], cancel);
        }
    }

    private List<ObservationLine> NewBatch() => _spare.TryTake(out var spare) ? spare : new List<ObservationLine>(BatchSize);

    private sealed class Worker
    {
        private readonly ObservationFile _file;
        private readonly Dictionary<int, JudgedRun> _runs = [];
        private readonly Dictionary<int, RunResult> _results = [];
        private readonly Task _task;

        public Worker(ObservationFile file, CancellationTokenSource failed)
        {
            _file = file;
            _task = Task.Factory.StartNew(
                () =>
                {
                    try
                    {
                        Work(failed.Token);
                    }
                    catch
                    {
                        failed.Cancel();
                        throw;
                    }
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        public BlockingCollection<List<ObservationLine>> Lines { get; } = new(WaitingBatches);

        public IEnumerable<(int Number, RunResult Result)> Results()
        {
#pragma warning disable VSTHRD002 // A thread of its own that never needs the caller's.
            _task.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            return _results.Select(result => (result.Key, result.Value));
        }

        private void Work(CancellationToken cancel)
        {
            foreach (var batch in Lines.GetConsumingEnumerable(cancel))
            {
                foreach (ref readonly var line in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batch))
                {
                    Add(line);
                }

                batch.Clear();
                _file._spare.Add(batch);
            }

            foreach (var (number, run) in _runs)
            {
                _results.Add(number, run.Finish());
            }
        }

        private void Add(in ObservationLine line)
        {
            if (_runs.TryGetValue(line.Run, out var run))
            {
                run.Add(line);
            }
            else if (!_results.ContainsKey(line.Run))
            {
                run = new JudgedRun(_file._spec, _file._schedule, line.AtTicks);
                run.Add(line);
                _runs.Add(line.Run, run);
            }

            // Its memory goes back; what comes after the decision changes nothing.
            if (run is { IsOver: true })
            {
                _runs.Remove(line.Run);
                _results.Add(line.Run, run.Finish());
            }
        }
    }
}
