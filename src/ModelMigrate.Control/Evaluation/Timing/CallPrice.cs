using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Control.Evaluation.Timing;

/// <summary>What calls cost at most, before they are made: four characters to a token, answers as long as they may be.</summary>
public static class CallPrice
{
    private const int CharactersPerToken = 4;

    /// <summary>What an answer is reckoned at when nothing bounds it, in tokens.</summary>
    private const int UsualAnswer = 4096;

    /// <summary>US dollars for one call, or null when a price is unknown.</summary>
    public static decimal? Most(ModelSnapshot model, AskSettings settings, DatasetRow row) =>
        model.Cost(((row.Length + (settings.System?.Length ?? 0)) / CharactersPerToken) + 1, settings.MaxTokens ?? model.MaxOutputTokens ?? UsualAnswer);

    /// <summary>US dollars for so many calls of every model, the rows in turn; null when a price is unknown.</summary>
    public static decimal? Most(IReadOnlyList<ModelSnapshot> models, AskSettings settings, IReadOnlyList<DatasetRow> rows, long calls)
    {
        decimal? sum = 0;
        foreach (var model in models)
        {
            // Null, once a price is not known, stays null.
            sum += rows.Any(row => Most(model, settings, row) is null) ? null : rows.Average(row => Most(model, settings, row)) * calls;
        }

        return sum;
    }
}
