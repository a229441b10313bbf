using System.Text.Json;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Importing.Reading;

/// <summary>A results file of lm-evaluation-harness: averages by task, metric and filter. The scores of single cases stand in the samples files beside it.</summary>
internal static class LmEvalResultsReader
{
    private const string Error = "_stderr";

    public static bool Knows(JsonElement root) => root.At("results") is { ValueKind: JsonValueKind.Object } results
        && (root.At("versions") ?? root.At("configs") ?? root.At("n-shot")) is not null
        && results.EnumerateObject().All(static task => task.Value.ValueKind == JsonValueKind.Object);

    public static ImportedEvaluation? TryRead(JsonElement root, string path, out string wrong)
    {
        var facts = new LmEvalFacts(root);
        var tasks = root.At("results").Members().Concat(root.At("groups").Members()).DistinctBy(static task => task.Name, StringComparer.Ordinal).Select(static task => (task.Name, task.Value)).ToList();
        wrong = tasks.Count == 0 ? "It has no results. Run it again with a task." : "";
        var (cases, metrics, notes) = (new List<ImportedCase>(), new Dictionary<string, ImportedMetric>(StringComparer.Ordinal), new List<string>());
        string? lost = null;
        var time = LmEvalNames.OfResults(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var samples = time.Length == 0 || wrong.Length > 0 ? [] : Directory.GetFiles(folder, $"samples_*_{time}.jsonl").Order(StringComparer.Ordinal).ToList();
        foreach (var file in samples)
        {
            if (!Add(file, facts, cases, metrics, notes, ref lost, out wrong))
            {
                return null;
            }
        }

        foreach (var (task, values) in tasks)
        {
            foreach (var metric in Averages(task, values, facts))
            {
                metrics[metric.Id] = metrics.TryGetValue(metric.Id, out var scored) ? scored with { Whole = metric.Whole } : metric;
            }
        }

        var (completeness, because) = lost is null ? facts.Completeness(tasks.Select(static task => task.Name)) : (DataCompleteness.Partial, lost);
        var model = facts.Model ?? Path.GetFileNameWithoutExtension(path);
        return wrong.Length > 0 ? null : new ImportedEvaluation
        {
            Tool = LmEvalFacts.Tool,
            Version = facts.ToolVersion,
            File = Path.GetFileName(path),
            Notes = notes,
            CasesRemedy = LmEvalFacts.CasesRemedy,
            Runs =
            [
                new ImportedRun
                {
                    Name = model, Model = model, Cases = cases, Metrics = [.. metrics.Values.OrderBy(static metric => metric.HasCases ? 0 : 1)], Completeness = completeness, IncompleteBecause = because,
                },
            ],
        };
    }

    private static bool Add(string file, LmEvalFacts facts, List<ImportedCase> cases, Dictionary<string, ImportedMetric> metrics, List<string> notes, ref string? lost, out string wrong)
    {
        using var lines = JsonLines.TryRead(File.ReadAllBytes(file), out wrong);
        var isEmpty = lines is { Rows.Count: 0 };
        if (lines is null || isEmpty || LmEvalSamplesReader.TryReadTask(lines.Rows, LmEvalNames.OfSamples(file).Task, facts, out wrong, out var missing) is not { } read)
        {
            wrong = $"Beside it, {Path.GetFileName(file)}: {(isEmpty ? "It is empty." : wrong.Length == 0 ? "Its first line is no JSON object." : wrong)} Repair it, or move it away.";
            return false;
        }

        lost ??= missing;
        cases.AddRange(read.Cases);
        notes.AddRange(read.Notes);
        foreach (var metric in read.Metrics)
        {
            metrics[metric.Id] = metric;
        }

        return true;
    }

    /// <summary>Names are <c>metric,filter</c>; before version 0.4 a metric alone.</summary>
    private static IEnumerable<ImportedMetric> Averages(string task, JsonElement values, LmEvalFacts facts)
    {
        foreach (var member in values.EnumerateObject())
        {
            var comma = member.Name.IndexOf(',', StringComparison.Ordinal);
            var (metric, filter) = comma < 0 ? (member.Name, LmEvalNames.NoFilter) : (member.Name[..comma], member.Name[(comma + 1)..]);
            if (metric.EndsWith(Error, StringComparison.Ordinal) || metric is "alias" or "name" or "sample_len" or "sample_count" || metric.Trim().Length == 0)
            {
                continue;
            }

            var id = LmEvalNames.Id(task, metric, filter);
            JsonElement? value = member.Value;
            yield return new ImportedMetric
            {
                Id = id,
                Signature = $"{LmEvalNames.Signature(id, facts.Version(task))}{(facts.Shots(task) is { } shots ? $" shots {shots}" : "")}",
                Direction = LmEvalNames.Direction(metric, facts.IsMoreBetter(task, metric)),
                Range = LmEvalNames.Range(metric),
                HasCases = false,
                Whole = new ArmFigures
                {
                    Cases = (long?)values.At("sample_count", member.Name).Score() ?? facts.Asked(task) ?? 0,
                    Missing = 0,
                    Mean = value.Score(),
                    StandardError = values.At(comma < 0 ? metric + Error : $"{metric}{Error},{filter}").Score(),
                },
            };
        }
    }
}
