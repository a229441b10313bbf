using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Importing.Reading;

/// <summary>promptfoo's results, version 3: the whole file, or its rows one a line. What counts are the rows; the totals beside them are only compared.</summary>
internal static class PromptfooReader
{
    private const string Tool = "promptfoo";
    private const int Version = 3;

    private static readonly string[] s_totals = ["successes", "failures", "errors"];

    public static bool Knows(JsonElement root) => root.At("results", "version") is { ValueKind: JsonValueKind.Number } && (root.At("results", "results") ?? root.At("results", "table")) is not null;

    public static bool KnowsRow(JsonElement row) => row.At("success") is not null && row.At("provider") is not null && row.At("vars") is not null;

    public static ImportedEvaluation? TryRead(JsonElement root, string path, out string wrong)
    {
        if (root.At("results", "version") is not { } version || !version.TryGetInt32(out var number) || number != Version)
        {
            wrong = $"Its results are of version {root.At("results", "version").Shown()}, and version {Version} is read. Run it again with a newer promptfoo: promptfoo eval -o results.json.";
            return null;
        }

        List<JsonElement> rows = [.. root.At("results", "results").Items()];
        if (TryReadRows(rows, path, out wrong) is not { } read)
        {
            return null;
        }

        var notes = new List<string>();
        var stats = s_totals.Select(name => (name, Count: (long?)root.At("results", "stats", name).Score())).ToList();
        var (told, inRows) = (stats.Sum(static each => each.Count ?? 0), Counted(rows));
        if (stats.TrueForAll(static each => each.Count is not null) && !stats.Select(static each => each.Count!.Value).SequenceEqual(inRows))
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Its stats say {stats[0].Count} passed, {stats[1].Count} failed, {stats[2].Count} errors; its rows are {inRows[0]}, {inRows[1]} and {inRows[2]}. The rows count."));
        }

        var lost = told - rows.Count;
        return read with
        {
            Version = root.Text("metadata", "promptfooVersion"),
            Notes = notes,
            Runs = lost <= 0 ? read.Runs :
            [
                .. read.Runs.Select(run => run with
                {
                    Completeness = DataCompleteness.Partial,
                    IncompleteBecause = string.Create(CultureInfo.InvariantCulture, $"Its stats count {told} results and it holds {rows.Count}."),
                }),
            ],
        };
    }

    public static ImportedEvaluation? TryReadRows(IReadOnlyList<JsonElement> rows, string path, out string wrong)
    {
        wrong = rows.Count == 0 ? "It has no results: a filter matched no test, or there is none. Run it again with tests." : "";
        for (var i = 0; i < rows.Count && wrong.Length == 0; i++)
        {
            wrong = !KnowsRow(rows[i]) || rows[i].At("success") is not { ValueKind: JsonValueKind.True or JsonValueKind.False }
                ? string.Create(CultureInfo.InvariantCulture, $"Its result {i + 1} has not all of provider, vars and success. Run it again.")
                : "";
        }

        return wrong.Length > 0 ? null : new ImportedEvaluation
        {
            Tool = Tool,
            File = Path.GetFileName(path),
            CasesRemedy = "Write promptfoo's results as JSON: promptfoo eval -o results.json.",
            Runs =
            [
                .. rows.Select(static row => new PromptfooRow(row)).GroupBy(static row => (row.Provider, row.ProviderId))
                    .OrderBy(static of => of.Min(static row => row.PromptNumber)).Select(static of => Run(of.Key.Provider, of.Key.ProviderId, [.. of])),
            ],
        };
    }

    private static ImportedRun Run(string name, string model, IReadOnlyList<PromptfooRow> rows)
    {
        var named = rows.SelectMany(static row => row.Named).GroupBy(static score => score.Key, static score => score.Value, StringComparer.Ordinal).ToList();
        var hasPrompts = rows.Select(static row => row.Prompt).Distinct(StringComparer.Ordinal).Count() > 1;
        return new ImportedRun
        {
            Name = name,
            Model = model,
            Cases = [.. rows.Select(row => row.Case(hasPrompts))],
            Metrics =
            [
                Metric(PromptfooRow.Pass, MetricDirection.HigherIsBetter, 1),
                Metric(PromptfooRow.Score, MetricDirection.HigherIsBetter, Range(rows.Select(static row => row.Total))),
                .. named.Select(static each => Metric(each.Key, MetricDirection.HigherIsBetter, Range(each))),
                Metric(PromptfooRow.Latency, MetricDirection.LowerIsBetter, double.PositiveInfinity),
                Metric(PromptfooRow.Cost, MetricDirection.LowerIsBetter, double.PositiveInfinity),
            ],
            InputTokens = rows.Sum(static row => row.Tokens("prompt")),
            OutputTokens = rows.Sum(static row => row.Tokens("completion")),
            Cost = rows.Any(static row => row.Dollars is not null) ? rows.Sum(static row => row.Dollars ?? 0) : null,
        };
    }

    private static ImportedMetric Metric(string id, MetricDirection direction, double range) =>
        new() { Id = id, Signature = $"{Tool} {id}", Direction = direction, Range = range, HasCases = true };

    /// <summary>Scores of promptfoo are shares unless somebody's own assertion says more.</summary>
    private static double Range(IEnumerable<double?> scores) => scores.All(static score => score is null or (>= 0 and <= 1)) ? 1 : double.PositiveInfinity;

    private static long[] Counted(List<JsonElement> rows)
    {
        var counts = new long[3];
        foreach (var row in rows)
        {
            counts[new PromptfooRow(row).IsError ? 2 : row.At("success") is { ValueKind: JsonValueKind.True } ? 0 : 1]++;
        }

        return counts;
    }
}
