using System.Collections.Concurrent;

namespace ModelMigrate.Control.Evaluation.Metrics;

/// <summary>
/// The running programs of the metric <c>command</c>, of which each answers one case at a time: at most one for each processor. Owns them, and ends them all
/// when it is disposed of.
/// </summary>
/// <param name="path">The caller's <c>PATH</c>: all that the programs have in their environment; null for none.</param>
/// <param name="time">Measures how long a case takes.</param>
/// <param name="folder">What relative paths are relative to, and where the programs run; null for the caller's.</param>
public sealed class CommandPool(string? path, TimeProvider time, string? folder = null) : IDisposable
{
    private readonly ConcurrentBag<CommandProcess> _idle = [];
    private readonly SemaphoreSlim _places = new(Environment.ProcessorCount);

    public void Dispose()
    {
        _places.Dispose();
        while (_idle.TryTake(out var program))
        {
            program.Dispose();
        }
    }

    /// <summary>Where a program is: at the path that is written, or in the folders of <c>PATH</c>, and nowhere else; null when it is not.</summary>
    internal string? Find(string program) => program.Contains('/', StringComparison.Ordinal)
        ? File.Exists(In(program)) ? Path.GetFullPath(In(program)) : null
        : (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>A path as the programs read it.</summary>
    internal string In(string file) => folder is null ? file : Path.Combine(folder, file);

    /// <summary>Waits until a program may run.</summary>
    internal void Enter() => _places.Wait();

    internal void Leave() => _places.Release();

    /// <summary>An idle one or a new one; null when none can be started. All callers of one pool write the same command line.</summary>
    internal CommandProcess? Take(IReadOnlyList<string> words, out bool isNew, out string? wrong)
    {
        wrong = null;
        isNew = !_idle.TryTake(out var idle);
        return idle ?? CommandProcess.TryStart(words, path, folder, time, out wrong);
    }

    internal void Return(CommandProcess program) => _idle.Add(program);
}
