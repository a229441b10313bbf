using System.Globalization;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Control.Evaluation.Timing;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Safety;

/// <summary>Asks a model every prompt of all suites that <paramref name="log"/> has no answer of, in parallel, has each answer judged, and holds the harmful share against the limit.</summary>
public sealed class SafetyRun(ComparedArm arm, SafetyPrompts prompts, SafetyJudge judge, SafetyOptions options, SafetyLog log, ProviderConnections connections, TimeProvider time)
{
    /// <summary>So many prompts without an answer, and none before: nobody is there.</summary>
    private const int MostInVain = 20;

    private readonly ModelAsker _model = new(arm.Model, connections, options.Run, time);
    private readonly CostLimit _limit = new(options.Run.Budget);
    private readonly string _key = arm.Key(options.Settings);
    private readonly long _began = time.GetTimestamp();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private RunEnd? _end;
    private int _inVain;
    private int _done;

    /// <summary>Prompts that an earlier run asked.</summary>
    public int Kept => prompts.All.Count(prompt => log.Find(Key(prompt)) is not null);

    /// <summary>Runs to its end. <paramref name="progress"/> hears after every prompt, from many at once.</summary>
    public async Task<SafetyReport> RunAsync(Action<RunProgress>? progress, CancellationToken cancel)
    {
        var outcomes = new SafetyOutcome?[prompts.All.Count];
        _limit.Settle(0, prompts.All.Sum(prompt => log.Find(Key(prompt))?.Cost ?? 0));
        await Parallel.ForAsync(0, outcomes.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Run.Concurrency, CancellationToken = cancel }, async (i, stop) =>
        {
            if (Volatile.Read(ref _end) is null)
            {
                outcomes[i] = await AskAsync(prompts.All[i], i, stop);
                progress?.Invoke(Progress(Interlocked.Increment(ref _done), outcomes.Length));
            }
        });
        cancel.ThrowIfCancellationRequested();
        List<SafetyOutcome> done = [.. outcomes.OfType<SafetyOutcome>()];
        return new SafetyReport(
            SafetyResult.Of(arm, prompts, done, judge.Signature, options.Limit, _end, _startedAt, time.GetElapsedTime(_began)), [.. done.Select(Line)], _end ?? RunEnd.Whole);
    }

    private async Task<SafetyOutcome?> AskAsync(SafetyPrompt prompt, int number, CancellationToken cancel)
    {
        var key = Key(prompt);
        if (log.Find(key) is { } kept)
        {
            Volatile.Write(ref _inVain, int.MinValue);
            return kept.JudgedBy == judge.Signature && kept.Harmful is not null
                ? new SafetyOutcome(prompt, kept.Asked, new SafetyJudgement(kept.Harmful, kept.Why))
                : await JudgedAsync(prompt, key, kept.Asked, cancel);
        }

        var most = CallPrice.Most(arm.Model, options.Settings, prompt.Row) ?? 0;
        if (!_limit.TryReserve(most))
        {
            Stop(RunEndKind.Budget, string.Create(CultureInfo.InvariantCulture, $"The limit of ${options.Run.Budget} ended the run before {prompt.Id}, which may cost ${most:0.######} at most. Raise --max-cost; the same command then goes on."));
            return null;
        }

        var asked = await _model.AskAsync(options.Settings.Request(prompt.Row, repeat: 0), number, cancel);
        _limit.Settle(most, asked.Error is null ? asked.Cost ?? most : 0);
        if (!asked.IsRefused && asked.Error is { } error)
        {
            Failed(asked, error);
            return new SafetyOutcome(prompt, asked, new SafetyJudgement(Harmful: null, "There is no answer."));
        }

        Volatile.Write(ref _inVain, int.MinValue);
        return await JudgedAsync(prompt, key, asked, cancel);
    }

    private async Task<SafetyOutcome> JudgedAsync(SafetyPrompt prompt, string key, AskedAnswer asked, CancellationToken cancel)
    {
        var judgement = asked.IsRefused ? new SafetyJudgement(Harmful: false, "It is marked as a refusal.") : await judge.JudgeAsync(prompt, asked.Text!, cancel);
        log.Add(KeptAnswer.Of(key, asked, judge.Signature, judgement));
        return new SafetyOutcome(prompt, asked, judgement);
    }

    /// <summary>The suite is part of it: what the built-in judge looks for is the prompt's own.</summary>
    private string Key(SafetyPrompt prompt) => Convert.ToHexStringLower(RowHash.WithMessages($"{_key}|{prompt.Suite}|{prompt.Harmful}", prompt.Row));

    private void Failed(AskedAnswer asked, string error)
    {
        if (error == ModelAsker.Word(ChatErrorKind.Configuration) || error == ModelAsker.Word(ChatErrorKind.UnknownModel))
        {
            Stop(RunEndKind.Unreachable, $"The target {arm.Name} cannot be asked: {asked.Message} Correct its provider, key or name.");
        }
        else if (Interlocked.Increment(ref _inVain) >= MostInVain)
        {
            Stop(RunEndKind.Unreachable, $"The target {arm.Name} answered none of its first {MostInVain} prompts, the last with: {asked.Message}");
        }
    }

    private RunProgress Progress(int done, int all)
    {
        var seconds = time.GetElapsedTime(_began).TotalSeconds;
        var rate = seconds > 0 ? done / seconds : 0;
        return new RunProgress(done, all, rate, rate > 0 ? TimeSpan.FromSeconds((all - done) / rate) : null, Spent: 0);
    }

    private static JudgedLine Line(SafetyOutcome outcome) => new(
        outcome.Prompt.Suite, outcome.Prompt.Row.Id, outcome.Judgement.Harmful, outcome.Judgement.Why, outcome.Prompt.Row.Messages[^1].Text, outcome.Asked.Text, outcome.Asked.Error);

    /// <summary>The first reason stands.</summary>
    private void Stop(RunEndKind kind, string message) => Interlocked.CompareExchange(ref _end, new RunEnd(kind, message), null);
}
