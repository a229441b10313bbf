using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Promptfoo.Grading;
using ModelMigrate.Control.Evaluation.Promptfoo.Scripts;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;
using ModelMigrate.Core.Promptfoo.Templates;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>Asks every model every prompt of every test, and grades the answers. The rows come out in the configuration's order, whichever answers first.</summary>
public sealed class PromptfooRun : IDisposable
{
    /// <summary>Rows that wait for one before them, which asks again and again; those of a test that compares its rows wait for each other.</summary>
    private const int MostAhead = 1024;

    private readonly PromptfooConfig _config;
    private readonly PromptfooMode _mode;
    private readonly ScriptPool? _scripts;
    private readonly int _concurrency;
    private readonly ProviderConnections _connections;
    private readonly Dictionary<PromptfooProvider, ModelAsker> _models = [];
    private readonly Dictionary<PromptfooProvider, HttpAsker> _servers = [];
    private readonly AnswerJudge _judge;
    private readonly TimeProvider _time;
    private readonly WebhookCaller _webhooks;
    private readonly AnswerTransforms _transforms;
    private readonly RowComparison _comparison;

    /// <param name="config">What is run.</param>
    /// <param name="mode">By whose rules.</param>
    /// <param name="options">How it goes about it.</param>
    /// <param name="time">Measures.</param>
    /// <param name="scripts">Runs the configuration's scripts, prepared for its languages; null when it has none. The caller's.</param>
    public PromptfooRun(PromptfooConfig config, PromptfooMode mode, RunOptions options, TimeProvider time, ScriptPool? scripts = null)
    {
        // As in promptfoo, a wait between answers is one row at a time.
        (_config, _mode, _concurrency, _scripts, _time) = (config, mode, config.Delay is null ? options.Concurrency : 1, scripts, time);
        _connections = new ProviderConnections(time);
        _judge = new AnswerJudge(_connections, options, time);
        _webhooks = new WebhookCaller(new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }), mode, options.Timeout < WebhookCaller.Longest ? options.Timeout : WebhookCaller.Longest, time);
        _transforms = new AnswerTransforms(scripts);
        _comparison = new RowComparison(_judge, mode);
        foreach (var provider in config.Providers.Where(static provider => provider.Http is not null))
        {
            _servers.TryAdd(provider, new HttpAsker(provider.Http!, _connections, options, time));
        }

        foreach (var provider in config.Providers.Where(static provider => provider.Kind is not null))
        {
            _models.TryAdd(provider, new ModelAsker(PromptfooModel.Of(provider), _connections, options, time));
        }
    }

    /// <summary>What judging did cost so far, by judge; no part of the answers' cost.</summary>
    public IReadOnlyList<(PromptfooProvider Judge, JudgeCost Cost)> Grading => _judge.Costs;

    /// <summary>
    /// Runs to its end. <paramref name="done"/> takes each row, one at a time and in the configuration's order; rows are kept only while those before them are
    /// under way, at most <see cref="MostAhead"/>, or one test's where those are more.
    /// </summary>
    public async Task RunAsync(Action<PromptfooRow> done, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var end = new CancellationTokenSource(_config.LongestRun ?? Timeout.InfiniteTimeSpan, _time);
        var todo = Channel.CreateBounded<Ask>(_concurrency);
        var asked = Channel.CreateBounded<Task<IReadOnlyList<PromptfooRow>>>(_config.Compares ? Math.Max(1, MostAhead / Math.Max(1, _config.Arms.Count())) : MostAhead);
        Task[] parts = [OfferAsync(todo.Writer, asked.Writer, stop.Token), .. Enumerable.Range(0, _concurrency).Select(_ => WorkAsync(todo.Reader, end.Token, stop.Token)), TakeAsync(asked.Reader, done, stop.Token)];
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

    private async Task WorkAsync(ChannelReader<Ask> todo, CancellationToken end, CancellationToken cancel)
    {
        await Task.Yield();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(end, cancel);
        await foreach (var ask in todo.ReadAllAsync(cancel))
        {
            var row = ask.Group.Rows[ask.At];
            try
            {
                both.Token.ThrowIfCancellationRequested();
                row = await AskAsync(row, ask.Group.Repeat, ask.Place, both.Token);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                row = row with { Error = string.Create(CultureInfo.InvariantCulture, $"The run took longer than evaluateOptions.maxEvalTimeMs, {_config.LongestRun!.Value.TotalMilliseconds:0.###}.") };
            }

            if (ask.Group.Put(ask.At, row))
            {
                ask.Group.Done.SetResult(await _comparison.OfAsync(ask.Group.Rows, cancel));
            }

            if ((row.Provider.Delay ?? _config.Delay) is { } delay && delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, _time, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
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
        var (number, arms) = (0, _config.Arms.ToList());
        foreach (var test in _config.Tests)
        {
            var vars = VarResolution.Of(test.Vars);
            for (var repeat = 0; repeat < _config.Repeat; repeat++, number++)
            {
                var rows = arms.Index().Where(arm => test.IsFor(arm.Item.Provider, arm.Item.Prompt))
                    .Select(arm => new PromptfooRow { TestIndex = number, PromptIndex = arm.Index, Test = test, Provider = arm.Item.Provider, Prompt = arm.Item.Prompt, Vars = vars }).ToList();
                foreach (var together in test.Compares && rows.Count > 0 ? [rows] : rows.Select(static row => new List<PromptfooRow> { row }))
                {
                    yield return new RowGroup(together, repeat);
                }
            }
        }
    }

    private async Task<PromptfooRow> AskAsync(PromptfooRow row, int repeat, long place, CancellationToken cancel)
    {
        if (row.Prompt.Render(row.Vars, out var fault) is not { } rendered)
        {
            return row with { Error = fault };
        }

        rendered = row.Test.Prefix + rendered + row.Test.Suffix;
        row = row with { Rendered = rendered };
        if (row.Test.ProviderOutput.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            return await GradedAsync(row.With(row.Test.ProviderOutput) with { LatencyMs = 0, Cost = 0 }, cancel);
        }

        if (row.Provider.IsEcho)
        {
            return await GradedAsync(row with { Output = rendered, LatencyMs = 0, Cost = 0 }, cancel);
        }

        if (row.Provider.Http is not null)
        {
            var said = await _servers[row.Provider].AskAsync(rendered, row.Vars, cancel);
            return said.Error is { } failed ? row with { Error = $"{failed}: {said.Message}" } : await GradedAsync(row with { Output = said.Text, LatencyMs = said.LatencyMs }, cancel);
        }

        if (RenderedPrompt.Request(rendered, row.Provider, repeat, out fault) is not { } request)
        {
            return row with { Error = fault };
        }

        var answer = await _models[row.Provider].AskAsync(request, place, cancel);
        row = row with
        {
            Output = answer.Text, LatencyMs = answer.LatencyMs, Cost = answer.Cost, InputTokens = answer.InputTokens, OutputTokens = answer.OutputTokens,
            // The protocols of most providers do not tell which of the two it was.
            Finish = answer.Finish == "stop_text" ? "stop" : answer.Finish,
        };
        row = answer.Parts.Count > 0 ? row.With(ToolOutput.Of(answer.Parts, row.Provider)) : row;
        return answer.Error is { } error ? row with { Error = $"{error}: {answer.Message}" } : await GradedAsync(row, cancel);
    }

    private async Task<PromptfooRow> GradedAsync(PromptfooRow row, CancellationToken cancel)
    {
        row = await _transforms.OfAsync(row, cancel);
        if (row.Error is not null)
        {
            return row;
        }

        var transformed = await _transforms.OfAssertionsAsync(row, cancel);
        Dictionary<PromptfooAssertion, OutsideResult>? found = null;
        foreach (var task in Grader.Outside(row.Test, row.Vars))
        {
            var answer = row.Answer;
            if (transformed is not null && transformed.TryGetValue(task.Assertion, out var own))
            {
                if (own.Answer is null)
                {
                    continue;
                }

                answer = own.Answer;
            }

            found ??= new Dictionary<PromptfooAssertion, OutsideResult>(ReferenceEqualityComparer.Instance);
            found[task.Assertion] = task.Assertion.Needs == OutsideKind.Webhook ? await _webhooks.AskAsync(task, ScriptContext.Output(answer), new JsonObject { ["prompt"] = row.Rendered, ["vars"] = ScriptContext.Group(row.Vars) }, cancel)
                : task.Assertion.Needs != OutsideKind.Script ? await _judge.AskAsync(task, row with { Output = answer.Output, Value = answer.Value }, _mode, cancel)
                : _scripts is null ? new OutsideResult { Missing = "Scripts are not run here." }
                : await _scripts.CallAsync(task.Assertion.Script!, task.Value, task.Assertion.Threshold, ScriptContext.Output(answer), ScriptContext.Of(row, task.Assertion), cancel);
        }

        var grade = Grader.Of(row.Test, row.Vars, row.Answer, _mode, found, transformed);
        grade = row.Test is { Scoring: not null, Asserts.Count: > 0 } && grade.Error is null ? await ScoredAsync(row, grade, cancel) : grade;
        return row with { Grade = grade, Error = grade.Error, Outside = row.Test.Compares ? found : null, Transformed = row.Test.Compares ? transformed : null };
    }

    /// <summary>What the test's own function makes of the scores. One that throws fails the row, as in promptfoo; one that does not end is an error.</summary>
    private async Task<Grade> ScoredAsync(PromptfooRow row, Grade grade, CancellationToken cancel)
    {
        var names = new JsonObject(grade.NamedScores.Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        var result = _scripts is null ? new OutsideResult { Missing = "Scripts are not run here." } : await _scripts.SumAsync(row.Test.Scoring!, names, ScriptContext.Of(row, grade), cancel);
        return result.Missing is { } missing ? grade with { Pass = false, Error = $"assertScoringFunction: {missing}" }
            : result.Broken is { } broken ? grade with { Pass = false, Score = 0, Reason = $"assertScoringFunction: {broken}" }
            : grade with { Pass = result.Pass == true, Score = result.Score ?? 0, Reason = result.Reason, NamedScores = result.NamedScores.Count > 0 ? result.NamedScores : grade.NamedScores };
    }

    private sealed record Ask(RowGroup Group, int At, long Place);
}
