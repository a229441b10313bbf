namespace ModelMigrate.Control.Evaluation.Datasets.Reading;

/// <summary>The files of a dataset: the one that is named, or those of a folder by the order of their paths.</summary>
internal static class DatasetFiles
{
    private const string Known = ".jsonl, .ndjson, .csv, .tsv, .yaml, .yml or .json";

    /// <summary>One prompt a line. Only where it is named itself: a folder of data has notes beside it.</summary>
    private const string Text = ".txt";

    private static readonly string[] s_endings = [".jsonl", ".ndjson", ".csv", ".tsv", ".yaml", ".yml", ".json"];

    public static IReadOnlyList<string> Of(string path, DatasetProblems problems)
    {
        if (Directory.Exists(path))
        {
            var files = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(IsKnown).Order(StringComparer.Ordinal).ToList();
            if (files.Count == 0)
            {
                problems.Add(path, 0, $"the folder has no file that ends in {Known}.");
            }

            return files;
        }

        if (!File.Exists(path))
        {
            problems.Add(path, 0, "there is no such file or folder. Name an existing one.");
            return [];
        }

        if (IsKnown(path) || string.Equals(Path.GetExtension(path), Text, StringComparison.OrdinalIgnoreCase))
        {
            return [path];
        }

        problems.Add(path, 0, $"its name does not say what it is. Let it end in {Known}, or in {Text} with one prompt a line.");
        return [];
    }

    private static bool IsKnown(string file) => s_endings.Contains(Path.GetExtension(file).ToLowerInvariant(), StringComparer.Ordinal);
}
