using System.Globalization;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Evaluating.Grading;

namespace ModelMigrate.Evaluating;

/// <summary>What a comparison will cost, before a model is asked: four characters to a token, answers as long as the references, and at most as long as they may be.</summary>
internal static class CostEstimate
{
    private const double CharactersPerToken = 4;

    /// <summary>A reference says what is right in fewer words than a model.</summary>
    private const double WordsAroundAnswer = 2;

    private const int LeastAnswer = 16;
    private const int UsualAnswer = 4096;

    /// <summary>Tokens of a verdict with its reason.</summary>
    private const double UsualVerdict = 80;

    /// <summary>One line of what a judge is asked, apart from the answers. <paramref name="asked"/>: rows times repeats.</summary>
    public static string Say(DatasetSummary data, long asked, Judged judged)
    {
        var rows = (double)Math.Max(1, data.Rows);
        var answer = Math.Max(LeastAnswer, data.ReferenceCharacters / rows / CharactersPerToken * WordsAroundAnswer);
        var calls = (double)asked * judged.CallsPerRow;
        var input = calls * (((data.PromptCharacters + data.ReferenceCharacters) / rows / CharactersPerToken) + (judged.Words / CharactersPerToken) + (judged.Answers * answer));
        var about = judged.Judge.Cost((long)input, (long)(calls * UsualVerdict));
        var most = judged.Judge.Cost((long)(2 * input), (long)(2 * calls * Math.Min(new JudgeLimits().MaxTokens, judged.Judge.MaxOutputTokens ?? int.MaxValue)));
        var said = string.Create(CultureInfo.InvariantCulture, $"Grading {judged.Name} by {judged.Judge.Id.Value}: {calls:0} calls");
        return about is { } dollars && most is { } limit
            ? string.Create(CultureInfo.InvariantCulture, $"{said}, about ${dollars:0.00##} more, at most ${limit:0.00##}.")
            : $"{said}. What they cost is not known: the judge has no price.";
    }

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
