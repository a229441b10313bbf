using System.Text.Json;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>Asks the model of a row its prompt, or knows the answer without. Asked by any number at once.</summary>
internal sealed class RowAsker
{
    private readonly Dictionary<PromptfooProvider, ModelAsker> _models = [];
    private readonly Dictionary<PromptfooProvider, HttpAsker> _servers = [];

    public RowAsker(PromptfooConfig config, ProviderConnections connections, RunOptions options, TimeProvider time)
    {
        foreach (var provider in config.Providers)
        {
            if (provider.Http is { } http)
            {
                _servers.TryAdd(provider, new HttpAsker(http, connections, options, time));
            }

            if (provider.Kind is not null)
            {
                _models.TryAdd(provider, new ModelAsker(PromptfooModel.Of(provider), connections, options, time));
            }
        }
    }

    /// <summary>The row with its answer, not graded yet, or with why there is none.</summary>
    /// <param name="row">What is asked.</param>
    /// <param name="repeat">Which of the repetitions of its test it is, from 0.</param>
    /// <param name="place">Its place among all rows.</param>
    /// <param name="cancel">Gives it up.</param>
    public async Task<PromptfooRow> AskAsync(PromptfooRow row, int repeat, long place, CancellationToken cancel)
    {
        if (row.Prompt.Render(row.Vars, out var fault) is not { } rendered)
        {
            return row with { Error = fault };
        }

        rendered = row.Test.Prefix + rendered + row.Test.Suffix;
        row = row with { Rendered = rendered };
        if (row.Test.ProviderOutput.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            return row.With(row.Test.ProviderOutput) with { LatencyMs = 0, Cost = 0 };
        }

        if (row.Provider.IsEcho)
        {
            return row with { Output = rendered, LatencyMs = 0, Cost = 0 };
        }

        if (row.Provider.Http is not null)
        {
            var said = await _servers[row.Provider].AskAsync(rendered, row.Vars, cancel);
            return said.Error is { } failed ? row with { Error = $"{failed}: {said.Message}" } : row with { Output = said.Text, LatencyMs = said.LatencyMs };
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
        return answer.Error is { } error ? row with { Error = $"{error}: {answer.Message}" } : row;
    }
}
