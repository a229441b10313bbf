using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Suites;
using ModelMigrate.Core.Suites.Outcomes;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Suites;

/// <summary>
/// Runs suites one after the other, in the file's order. Of a suite, cases that only ask run side by side; what measures runs alone after them, so that nothing but
/// itself is measured. A call is not repeated by itself: what passes only now and then is to be seen.
/// </summary>
public sealed class SuiteRun : IDisposable
{
    private readonly int _concurrency;
    private readonly TimeProvider _time;
    private readonly Func<CommandCase, CancellationToken, Task<TryResult>> _command;
    private readonly ProviderConnections _connections;
    private readonly PromptProbe? _prompts;
    private readonly SmokeProbe? _smoke;

    /// <param name="model">The model under test; null when no case asks one.</param>
    /// <param name="concurrency">Cases under way at once.</param>
    /// <param name="command">Runs a command of this program.</param>
    /// <param name="time">The clock of every time limit.</param>
    public SuiteRun(ModelSnapshot? model, int concurrency, Func<CommandCase, CancellationToken, Task<TryResult>> command, TimeProvider time)
    {
        (_concurrency, _command, _time) = (concurrency, command, time);
        _connections = new ProviderConnections(time);
        if (model is not null)
        {
            _prompts = new PromptProbe(model, _connections, new RunOptions { Concurrency = concurrency, Retries = 0 }, time);
            _smoke = new SmokeProbe(model.Calls[0], _connections, time);
        }
    }

    /// <summary>Whether a case asks the model under test.</summary>
    public static bool AsksModel(SuiteCase each) => each is PromptCase or SmokeCase;

    /// <summary>Runs to the end of all suites. <paramref name="through"/> hears each suite's results, in the file's order.</summary>
    public async Task<IReadOnlyList<CaseResult>> RunAsync(IReadOnlyList<Suite> suites, Action<Suite, IReadOnlyList<CaseResult>>? through, CancellationToken cancel)
    {
        var all = new List<CaseResult>();
        foreach (var suite in suites)
        {
            var results = await RunAsync(suite, cancel);
            all.AddRange(results);
            through?.Invoke(suite, results);
        }

        return all;
    }

    public void Dispose() => _connections.Dispose();

    private async Task<CaseResult[]> RunAsync(Suite suite, CancellationToken cancel)
    {
        var results = new CaseResult[suite.Cases.Count];
        var beside = Enumerable.Range(0, results.Length).Where(i => !MeasuresAlone(suite.Cases[i])).ToList();
        await Parallel.ForEachAsync(beside, new ParallelOptions { MaxDegreeOfParallelism = _concurrency, CancellationToken = cancel }, async (i, stop) => results[i] = await TryAllAsync(suite, suite.Cases[i], stop));
        foreach (var i in Enumerable.Range(0, results.Length).Except(beside))
        {
            results[i] = await TryAllAsync(suite, suite.Cases[i], cancel);
        }

        return results;
    }

    private static bool MeasuresAlone(SuiteCase each) => each is CommandCase;

    private async Task<CaseResult> TryAllAsync(Suite suite, SuiteCase each, CancellationToken cancel)
    {
        var tries = new List<TryResult>();
        for (var repeat = 0; repeat < each.Terms.Repeat; repeat++)
        {
            var began = _time.GetTimestamp();
            var result = await TryAsync(suite, each, repeat, cancel);
            tries.Add(result with { Milliseconds = Math.Round(_time.GetElapsedTime(began).TotalMilliseconds, 1) });
        }

        return CaseResult.Of(suite, each, tries);
    }

    private async Task<TryResult> TryAsync(Suite suite, SuiteCase each, int repeat, CancellationToken cancel)
    {
        using var timer = new CancellationTokenSource(each.Terms.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        try
        {
            return each switch
            {
                PromptCase prompt => await _prompts!.TryAsync(prompt, suite.Seed + repeat, repeat, both.Token),
                SmokeCase smoke => await _smoke!.TryAsync(smoke.Check, both.Token),
                CommandCase command => await _command(command, both.Token),
                _ => throw new InvalidOperationException($"{each.GetType().Name} has no probe."),
            };
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return TryResult.Failed($"Not done within {Core.Configuration.Reading.Quantity.Text(each.Terms.Timeout)}, the time limit.");
        }
    }
}
