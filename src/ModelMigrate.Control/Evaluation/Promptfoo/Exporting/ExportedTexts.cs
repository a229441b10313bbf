using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Exporting;

/// <summary>What was asked in a row, as far as it is known: of the data set where it is at hand, else of the worst cases. Owned by one pass over an arm's rows.</summary>
internal sealed class ExportedTexts(EvaluationResult result, Dataset? dataset, CancellationToken cancel) : IAsyncDisposable
{
    private readonly Dictionary<string, WorstCase> _worst = result.WorstCases.DistinctBy(static worst => worst.Sample, StringComparer.Ordinal).ToDictionary(static worst => worst.Sample, StringComparer.Ordinal);
    private readonly IAsyncEnumerator<DatasetRow>? _rows = dataset?.ReadAsync(new DatasetProblems(), hash: null, cancel).GetAsyncEnumerator(cancel);

    /// <summary>Of the row with this id, which stands behind the one that was asked for before.</summary>
    public async Task<(string? Prompt, string? Reference)> OfAsync(string id)
    {
        if (_rows is null)
        {
            return _worst.GetValueOrDefault(id) is { } worst ? (worst.Prompt, worst.Expected) : default;
        }

        while (_rows.Current?.Id != id)
        {
            if (!await _rows.MoveNextAsync())
            {
                return default;
            }
        }

        var row = _rows.Current;
        return (row.Messages is [var only] ? only.Text : string.Join("\n\n", row.Messages.Select(static message => $"{message.Role}: {message.Text}")), row.References is [var first, ..] ? first : null);
    }

    public ValueTask DisposeAsync() => _rows?.DisposeAsync() ?? ValueTask.CompletedTask;
}
