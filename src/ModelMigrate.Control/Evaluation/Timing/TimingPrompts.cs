using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Control.Evaluation.Timing;

/// <summary>What a measurement asks: rows of a data set, or our own plain questions. In turn, so that no two calls under way at once ask the same.</summary>
public static class TimingPrompts
{
    /// <summary>More rows are not kept: by then the first may come again.</summary>
    public const int Most = 10_000;

    private static readonly string[] s_subjects =
    [
        "how a bicycle stays upright", "why the sky is blue", "how bread rises", "what a compiler does", "how tides come about", "how a library finds a book", "what makes glass clear",
        "how a refrigerator cools", "why leaves turn red in autumn", "how a bridge carries weight", "what a database index is for", "how honey is made", "why ice floats", "how a clock keeps time",
        "what happens when water boils", "how a letter finds its address", "why metals conduct heat", "how vaccines work", "what a heat pump does", "how sound travels through a wall",
    ];

    /// <summary>Twenty plain questions.</summary>
    public static IReadOnlyList<DatasetRow> Own { get; } =
    [
        .. s_subjects.Select(static (subject, i) => new DatasetRow
        {
            Number = i, Line = i + 1, Id = $"own-{i + 1}", Messages = [new PromptMessage(ChatRole.User, $"Explain in about a hundred words {subject}.")],
        }),
    ];

    /// <summary>The first rows of a data set; null when something is wrong with it, and <paramref name="problems"/> says what.</summary>
    public static async Task<IReadOnlyList<DatasetRow>?> ReadAsync(string path, ColumnMap map, DatasetProblems problems, CancellationToken cancel)
    {
        var rows = new List<DatasetRow>();
        await foreach (var row in new Dataset(path, map, RowFilter.All).ReadAsync(problems, hash: null, cancel))
        {
            rows.Add(row);
            if (rows.Count == Most)
            {
                break;
            }
        }

        if (problems.Count == 0 && rows.Count == 0)
        {
            problems.Add(path, 0, "it has no rows. Write one JSON object a line, for example {\"prompt\":\"What is 2 + 3?\"}.");
        }

        return problems.Count == 0 ? rows : null;
    }
}
