using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Suites;
using ModelMigrate.Core.Suites.Outcomes;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Suites;

/// <summary>
/// Runs suites one after the other, in the file's order. Of a suite, cases that only ask run side by side; what measures runs alone after them, so that nothing but
/// itself is measured. No failed call is repeated by itself, but for one that is asked to wait: what passes only now and then is to be seen.
/// </summary>
public sealed class SuiteRun : IDisposable
{
    private readonly int _concurrency;
    private readonly TimeProvider _time;
    private readonly Func<CommandCase, CancellationToken, Task<TryResult>> _command;
    private readonly ProviderConnections _connections;
    private readonly PromptProbe? _prompts;
    private readonly SmokeProbe? _smoke;
    private readonly ContractProbe? _contracts;
    private readonly ParityProbe? _parity;

    /// <param name="targets">Whom the cases ask.</param>
    /// <param name="concurrency">Cases under way at once.</param>
    /// <param name="command">Runs a command of this program.</param>
    /// <param name="time">The clock of every time limit.</param>
    public SuiteRun(SuiteTargets targets, int concurrency, Func<CommandCase, CancellationToken, Task<TryResult>> command, TimeProvider time)
    {
        (_concurrency, _command, _time) = (concurrency, command, time);
        _connections = new ProviderConnections(time);
        _contracts = targets.Url is { } url ? new ContractProbe(url, _connections) : null;
        _parity = targets is { Model: not null, Source: not null } ? new ParityProbe(targets, _connections, time) : null;
        if (targets.Model is { } model)
        {
            _prompts = new PromptProbe(model, _connections, new RunOptions { Concurrency = concurrency, Retries = 0 }, time);
            _smoke = new SmokeProbe(model.Calls[0], _connections, time);
        }
    }

    /// <summary>Everything that is wrong with the data that suites name, before anybody is asked.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(IReadOnlyList<Suite> suites, string folder, CancellationToken cancel)
    {
        var problems = new List<string>();
        foreach (var each in suites.SelectMany(static suite => suite.Cases).OfType<ParityCase>())
        {
            problems.AddRange((await ParityProbe.ReadAsync(each.Parity, folder, cancel)).Problems);
        }

        return problems;
    }

    /// <summary>Runs to the end of all suites. <paramref name="through"/> hears each suite's results, in the file's order.</summary>
    public async Task<IReadOnlyList<CaseResult>> RunAsync(IReadOnlyList<Suite> suites, Action<Suite, IReadOnlyList<CaseResult>>? through, CancellationToken cancel)
    {
        var all = new List<CaseResult>();
        foreach (var suite in suites)
        {
            var results = suite.Faults is { } faults ? await RunBrokenAsync(suite, faults, cancel) : await RunAsync(suite, cancel);
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

    private async Task<IReadOnlyList<CaseResult>> RunBrokenAsync(Suite suite, ChaosFaults faults, CancellationToken cancel)
    {
        var broken = new FaultSwitch(faults, _connections, _time);
        try
        {
            if (await broken.SetAsync(cancel) is { } problem)
            {
                return AllBroken(suite, $"The faults were not set, so nothing was tried: {problem}");
            }

            var results = await RunAsync(suite, cancel);
            return await broken.TakeBackAsync() is { } left ? AllBroken(suite, $"The faults could not be taken back: {left}") : results;
        }
        finally
        {
            // Also of a run that was stopped; twice is as good as once.
            await broken.TakeBackAsync();
        }
    }

    private static CaseResult[] AllBroken(Suite suite, string why) => [.. suite.Cases.Select(each => CaseResult.Of(suite, each, [.. Enumerable.Repeat(TryResult.Broken(why), each.Terms.Repeat)]))];

    private static bool MeasuresAlone(SuiteCase each) => each is CommandCase or ParityCase;

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
                ContractCase contract => await _contracts!.TryAsync(contract, both.Token),
                ParityCase parity => await _parity!.TryAsync(parity, suite.Seed + repeat, both.Token),
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
