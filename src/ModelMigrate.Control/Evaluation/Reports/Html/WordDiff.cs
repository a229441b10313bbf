namespace ModelMigrate.Control.Evaluation.Reports.Html;

/// <summary>Which words of two texts are in only one of them, by their longest common subsequence.</summary>
internal static class WordDiff
{
    /// <summary>Longer texts are compared by their first words only: the table of the comparison grows with the square.</summary>
    private const int MostWords = 400;

    /// <summary>The words of the second text, each with whether the first has it in the same order. What is beyond the limit counts as had.</summary>
    public static IReadOnlyList<(string Word, bool IsCommon)> Of(string first, string second)
    {
        var (left, right) = (Words(first), Words(second));
        var (rows, columns) = (Math.Min(left.Length, MostWords), Math.Min(right.Length, MostWords));
        var longest = new int[rows + 1, columns + 1];
        for (var i = rows - 1; i >= 0; i--)
        {
            for (var j = columns - 1; j >= 0; j--)
            {
                longest[i, j] = left[i] == right[j] ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);
            }
        }

        var common = new bool[right.Length];
        Array.Fill(common, value: true, columns, right.Length - columns);
        for (var (i, j) = (0, 0); i < rows && j < columns;)
        {
            if (left[i] == right[j])
            {
                common[j] = true;
                (i, j) = (i + 1, j + 1);
            }
            else if (longest[i + 1, j] >= longest[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return [.. right.Zip(common)];
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
