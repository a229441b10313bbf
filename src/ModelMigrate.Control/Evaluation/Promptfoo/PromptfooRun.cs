using System.Globalization;
using System.Threading.Channels;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Promptfoo.Grading;
using ModelMigrate.Control.Evaluation.Promptfoo.Scripts;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Templates;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>Asks every model every prompt of every test, and grades the answers. The rows come out in the configuration's order, whichever answers first.</summary>
public sealed class PromptfooRun : IDisposable
{
    /// <summary>Rows for each that is under way that may wait for one before them, which asks again and again.</summary>
    private const int AheadOfEach = 16;

    /// <summary>Rows that may wait for one before them, however many are under way.</summary>
    private const int MostAhead = 1024;

    private readonly PromptfooConfig _config;
    private readonly int _concurrency;
    private readonly ProviderConnections _connections;
    private readonly RowAsker _asker;
    private readonly AnswerJudge _judge;
    private readonly TimeProvider _time;
    private readonly WebhookCaller _webhooks;
    private readonly AnswerGrader _grader;
    private readonly RowComparison _comparison;

    /// <param name="config">What is run.</param>
    /// <param name="mode">By whose rules.</param>
    /// <param name="options">How it goes about it.</param>
    /// <param name="time">Measures.</param>
    /// <param name="scripts">Runs the configuration's scripts, prepared for its languages; null when it has none. The caller's.</param>
    public PromptfooRun(PromptfooConfig config, PromptfooMode mode, RunOptions options, TimeProvider time, ScriptPool? scripts = null)
    {
        // As in promptfoo, a wait between answers is one row at a time.
        (_config, _concurrency, _time) = (config, config.Delay is null ? options.Concurrency : 1, time);
        _connections = new ProviderConnections(time);
        _asker = new RowAsker(_connections, options, time);
        _judge = new AnswerJudge(_connections, options, time);
        _webhooks = new WebhookCaller(new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }), mode, options.Timeout < WebhookCaller.Longest ? options.Timeout : WebhookCaller.Longest, time);
        _grader = new AnswerGrader(mode, _judge, _webhooks, scripts);
        _comparison = new RowComparison(_judge, mode);
    }

    /// <summary>What judging did cost so far, by judge; no part of the answers' cost.</summary>
    public IReadOnlyList<(PromptfooProvider Judge, JudgeCost Cost)> Grading => _judge.Costs;

    /// <summary>
    /// Runs to its end. <paramref name="done"/> takes each row, one at a time and in the configuration's order; rows are kept only while those before them are
    /// under way, at most <see cref="AheadOfEach"/> for each of those and <see cref="MostAhead"/> in all, or one test's where it compares more rows than that.
    /// </summary>
    public async Task RunAsync(Action<PromptfooRow> done, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var end = new CancellationTokenSource(_config.LongestRun ?? Timeout.InfiniteTimeSpan, _time);
        var todo = Channel.CreateBounded<Ask>(_concurrency);
        var ahead = Math.Min(AheadOfEach * _concurrency, MostAhead);
        var asked = Channel.CreateBounded<Task<IReadOnlyList<PromptfooRow>>>(_config.Compares ? Math.Max(1, ahead / Math.Max(1, _config.Arms.Count())) : ahead);
        var answered = Channel.CreateBounded<Answer>(_concurrency);
        Task[] parts = [OfferAsync(todo.Writer, asked.Writer, stop.Token), AskAllAsync(todo.Reader, answered.Writer, end.Token, stop.Token), GradeAllAsync(answered.Reader, stop.Token), TakeAsync(asked.Reader, done, stop.Token)];
        try
        {
            await foreach (var part in Task.WhenEach(parts))
            {
                await part;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _connections.Dispose();
        _webhooks.Dispose();
    }

    private async Task OfferAsync(ChannelWriter<Ask> todo, ChannelWriter<Task<IReadOnlyList<PromptfooRow>>> asked, CancellationToken cancel)
    {
        var place = 0L;
        foreach (var group in Groups())
        {
            await asked.WriteAsync(group.Done.Task, cancel);
            for (var at = 0; at < group.Rows.Count; at++)
            {
                await todo.WriteAsync(new Ask(group, at, place++), cancel);
            }
        }

        todo.Complete();
        asked.Complete();
    }

    private async Task AskAllAsync(ChannelReader<Ask> todo, ChannelWriter<Answer> answered, CancellationToken end, CancellationToken cancel)
    {
        var all = new ParallelOptions { MaxDegreeOfParallelism = _concurrency, CancellationToken = cancel };
        await Parallel.ForEachAsync(todo.ReadAllAsync(cancel), all, async (ask, stop) => await AskAsync(ask, answered, end, stop));
        answered.Complete();
    }

    /// <summary>A grade that is known at once is left to others, so that the next call leaves first; one that asks further is part of its row's place among those under way.</summary>
    private async Task AskAsync(Ask ask, ChannelWriter<Answer> answered, CancellationToken end, CancellationToken cancel)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(end, cancel);
        var row = ask.Group.Rows[ask.At];
        try
        {
            both.Token.ThrowIfCancellationRequested();
            row = await _asker.AskAsync(row, ask.Place, both.Token);
            if (row.Error is null && AnswerGrader.IsAtOnce(row))
            {
                await answered.WriteAsync(new Answer(ask, row), cancel);
            }
            else
            {
                await PutAsync(ask, row.Error is null ? await _grader.GradedAsync(row, both.Token) : row, cancel);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            row = row with { Error = string.Create(CultureInfo.InvariantCulture, $"The run took longer than evaluateOptions.maxEvalTimeMs, {_config.LongestRun!.Value.TotalMilliseconds:0.###}.") };
            await PutAsync(ask, row, cancel);
        }

        if ((row.Provider.Delay ?? _config.Delay) is { } delay && delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, _time, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task GradeAllAsync(ChannelReader<Answer> answered, CancellationToken cancel) =>
        Parallel.ForEachAsync(answered.ReadAllAsync(cancel), cancel, async (answer, stop) => await PutAsync(answer.Ask, await _grader.GradedAsync(answer.Row, stop), stop));

    private async Task PutAsync(Ask ask, PromptfooRow row, CancellationToken cancel)
    {
        if (ask.Group.Put(ask.At, row))
        {
            ask.Group.Done.SetResult(await _comparison.OfAsync(ask.Group.Rows, cancel));
        }
    }

    private static async Task TakeAsync(ChannelReader<Task<IReadOnlyList<PromptfooRow>>> asked, Action<PromptfooRow> done, CancellationToken cancel)
    {
        await foreach (var rows in asked.ReadAllAsync(cancel))
        {
            foreach (var row in await rows.WaitAsync(cancel))
            {
                done(row);
            }
        }
    }

    private IEnumerable<RowGroup> Groups()
    {
        var arms = _config.Arms.ToList();
        foreach (var (number, test) in _config.Tests.Index())
        {
            var vars = VarResolution.Of(test.Vars);
            var rows = arms.Index().Where(arm => test.IsFor(arm.Item.Provider, arm.Item.Prompt))
                .Select(arm => new PromptfooRow { TestIndex = number, PromptIndex = arm.Index, Test = test, Provider = arm.Item.Provider, Prompt = arm.Item.Prompt, Vars = vars }).ToList();
            foreach (var together in test.Compares && rows.Count > 0 ? [rows] : rows.Select(static row => new List<PromptfooRow> { row }))
            {
                yield return new RowGroup(together);
            }
        }
    }

    private sealed record Ask(RowGroup Group, int At, long Place);

    private readonly record struct Answer(Ask Ask, PromptfooRow Row);
}
