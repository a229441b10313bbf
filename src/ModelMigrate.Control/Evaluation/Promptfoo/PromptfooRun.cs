using System.Threading.Channels;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting;
using ModelMigrate.Core.Promptfoo.Templates;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>Asks every model every prompt of every test, and grades the answers. The rows come out in the configuration's order, whichever answers first.</summary>
public sealed class PromptfooRun : IDisposable
{
    private readonly PromptfooConfig _config;
    private readonly PromptfooMode _mode;
    private readonly int _concurrency;
    private readonly ProviderConnections _connections;
    private readonly Dictionary<PromptfooProvider, ModelAsker> _models = [];
    private int _done;

    public PromptfooRun(PromptfooConfig config, PromptfooMode mode, RunOptions options, TimeProvider time)
    {
        (_config, _mode, _concurrency) = (config, mode, options.Concurrency);
        _connections = new ProviderConnections(time);
        foreach (var provider in config.Providers.Where(static provider => !provider.IsEcho))
        {
            _models.TryAdd(provider, new ModelAsker(PromptfooModel.Of(provider), _connections, options, time));
        }
    }

    /// <summary>How many rows a configuration makes: tests × models × prompts × repeats, less what is limited to others.</summary>
    public static int Count(PromptfooConfig config) => Rows(config).Count();

    /// <summary>Runs to its end. <paramref name="progress"/> hears how many rows are done.</summary>
    public async Task<IReadOnlyList<PromptfooRow>> RunAsync(Action<int>? progress, CancellationToken cancel)
    {
        var rows = Rows(_config).Select(static (row, i) => (row.Row, row.Repeat, Place: i)).ToList();
        var done = new PromptfooRow[rows.Count];
        var todo = Channel.CreateUnbounded<(PromptfooRow Row, int Repeat, int Place)>();
        foreach (var row in rows)
        {
            todo.Writer.TryWrite(row);
        }

        todo.Writer.Complete();
        await Task.WhenAll(Enumerable.Range(0, _concurrency).Select(async _ =>
        {
            await foreach (var (row, repeat, place) in todo.Reader.ReadAllAsync(cancel))
            {
                done[place] = await AskAsync(row, repeat, place, cancel);
                progress?.Invoke(Interlocked.Increment(ref _done));
            }
        }));
        return done;
    }

    public void Dispose() => _connections.Dispose();

    private static IEnumerable<(PromptfooRow Row, int Repeat)> Rows(PromptfooConfig config)
    {
        var number = 0;
        foreach (var test in config.Tests)
        {
            var vars = VarResolution.Of(test.Vars);
            for (var repeat = 0; repeat < config.Repeat; repeat++, number++)
            {
                var prompt = 0;
                foreach (var provider in config.Providers)
                {
                    foreach (var each in config.Prompts.Where(each => provider.Prompts.Count == 0 || provider.Prompts.Contains(each.Label, StringComparer.Ordinal)))
                    {
                        var isFor = (test.Providers.Count == 0 || test.Providers.Contains(provider.Label, StringComparer.Ordinal) || test.Providers.Contains(provider.Id, StringComparer.Ordinal))
                            && (test.Prompts.Count == 0 || test.Prompts.Contains(each.Label, StringComparer.Ordinal));
                        if (isFor)
                        {
                            yield return (new PromptfooRow { TestIndex = number, PromptIndex = prompt, Test = test, Provider = provider, Prompt = each, Vars = vars }, repeat);
                        }

                        prompt++;
                    }
                }
            }
        }
    }

    private async Task<PromptfooRow> AskAsync(PromptfooRow row, int repeat, int place, CancellationToken cancel)
    {
        if (row.Prompt.Render(row.Vars, out var fault) is not { } rendered)
        {
            return row with { Error = fault };
        }

        rendered = row.Test.Prefix + rendered + row.Test.Suffix;
        row = row with { Rendered = rendered };
        if (row.Provider.IsEcho)
        {
            return Graded(row with { Output = rendered, LatencyMs = 0, Cost = 0 });
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
        return answer.Error is { } error ? row with { Error = $"{error}: {answer.Message}" } : Graded(row);
    }

    private PromptfooRow Graded(PromptfooRow row)
    {
        var grade = Grader.Of(row.Test, row.Vars, new GradedAnswer(row.Output ?? "") { LatencyMs = row.LatencyMs, Cost = (double?)row.Cost, Finish = row.Finish }, _mode);
        return row with { Grade = grade, Error = grade.Error };
    }
}
