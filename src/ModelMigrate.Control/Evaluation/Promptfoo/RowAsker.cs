using System.Collections.Concurrent;
using System.Text.Json;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>Asks the model of a row its prompt, or knows the answer without. Asked by any number at once.</summary>
internal sealed class RowAsker(ProviderConnections connections, RunOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<PromptfooProvider, ModelAsker> _models = new();
    private readonly ConcurrentDictionary<PromptfooProvider, HttpAsker> _servers = new();

    /// <summary>The row with its answer, not graded yet, or with why there is none.</summary>
    /// <param name="row">What is asked.</param>
    /// <param name="place">Its place among all rows.</param>
    /// <param name="cancel">Gives it up.</param>
    public async Task<PromptfooRow> AskAsync(PromptfooRow row, long place, CancellationToken cancel)
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

        var asked = row.Answerer;
        if (asked.IsEcho)
        {
            return row with { Output = rendered, LatencyMs = 0, Cost = 0 };
        }

        if (asked.Http is not null)
        {
            var said = await _servers.GetOrAdd(asked, static (asked, self) => self.Server(asked), this).AskAsync(rendered, row.Vars, cancel);
            return said.Error is { } failed ? row with { Error = $"{failed}: {said.Message}" } : row with { Output = said.Text, LatencyMs = said.LatencyMs };
        }

        if (RenderedPrompt.Request(rendered, asked, row.Test.Repeat, out fault) is not { } request)
        {
            return row with { Error = fault };
        }

        var answer = await _models.GetOrAdd(asked, static (asked, self) => self.Model(asked), this).AskAsync(request, place, cancel);
        row = row with
        {
            Output = answer.Text, LatencyMs = answer.LatencyMs, Cost = answer.Cost, InputTokens = answer.InputTokens, OutputTokens = answer.OutputTokens,
            // The protocols of most providers do not tell which of the two it was.
            Finish = answer.Finish == "stop_text" ? "stop" : answer.Finish,
        };
        row = answer.Parts.Count > 0 ? row.With(ToolOutput.Of(answer.Parts, asked)) : row;
        return answer.Error is { } error ? row with { Error = $"{error}: {answer.Message}" } : row;
    }

    private HttpAsker Server(PromptfooProvider provider) => new(provider.Http!, connections, options, time);

    private ModelAsker Model(PromptfooProvider provider) => new(PromptfooModel.Of(provider), connections, options, time);
}
