using System.Globalization;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;

namespace ModelMigrate.Evaluating;

/// <summary>What a comparison will cost, before a model is asked: four characters to a token, answers as long as the references, and at most as long as they may be.</summary>
internal static class CostEstimate
{
    private const double CharactersPerToken = 4;

    /// <summary>A reference says what is right in fewer words than a model.</summary>
    private const double WordsAroundAnswer = 2;

    private const int LeastAnswer = 16;
    private const int UsualAnswer = 4096;

    /// <summary>One line for people.</summary>
    public static string Say(DatasetSummary data, long rows, int repeats, AskSettings settings, IReadOnlyList<ComparedArm> arms)
    {
        decimal? about = 0, most = 0;
        foreach (var model in arms.Select(static arm => arm.Model))
        {
            var calls = (double)rows * repeats;
            var input = calls * (((data.PromptCharacters / (double)Math.Max(1, data.Rows)) + (settings.System?.Length ?? 0)) / CharactersPerToken + 8);
            var answer = Math.Max(LeastAnswer, data.ReferenceCharacters / (double)Math.Max(1, data.Rows) / CharactersPerToken * WordsAroundAnswer);
            var longest = settings.MaxTokens ?? model.MaxOutputTokens ?? UsualAnswer;
            about += model.Cost((long)input, (long)(calls * Math.Min(answer, longest)));
            most += model.Cost((long)input, (long)(calls * longest));
        }

        var asked = string.Create(CultureInfo.InvariantCulture, $"{rows} rows, {repeats} time{(repeats == 1 ? "" : "s")}, on 2 models: {rows * repeats * 2} calls");
        return about is { } dollars && most is { } limit
            ? string.Create(CultureInfo.InvariantCulture, $"{asked}, about ${dollars:0.00##}, at most ${limit:0.00##}.")
            : $"{asked}. What they cost is not known: a model has no price.";
    }
}
