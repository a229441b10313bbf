using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Evaluation.Gating.Refusing;

namespace ModelMigrate.Control.Evaluation.Importing.Reading;

/// <summary>A samples file of lm-evaluation-harness: a line for each document and filter of one task.</summary>
internal static class LmEvalSamplesReader
{
    private static readonly string[] s_notMetrics = ["doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics", "doc_hash", "prompt_hash", "target_hash"];

    public static bool KnowsRow(JsonElement row) => row.At("doc_id") is not null && row.At("doc") is not null && (row.At("resps") ?? row.At("filtered_resps")) is not null;

    /// <summary>One file alone. What the results file of the same run beside it says is taken from there.</summary>
    public static ImportedEvaluation? TryRead(IReadOnlyList<JsonElement> rows, string path, out string wrong)
    {
        var (task, time) = LmEvalNames.OfSamples(path);
        var results = Path.Combine(Path.GetDirectoryName(path) ?? "", $"results_{time}.json");
        if (time.Length > 0 && File.Exists(results) && LooseJson.TryParse(File.ReadAllBytes(results), out var document, out _))
        {
            using (document)
            {
                var facts = new LmEvalFacts(document.RootElement);
                return Evaluation(rows, facts, path, task, facts.Model ?? Folder(path), out wrong);
            }
        }

        return Evaluation(rows, LmEvalFacts.None, path, task, Folder(path), out wrong);
    }

    /// <summary>Cases and metrics of one task; null and the number of a row that is none.</summary>
    public static (List<ImportedCase> Cases, List<ImportedMetric> Metrics, List<string> Notes)? TryReadTask(IReadOnlyList<JsonElement> rows, string task, LmEvalFacts facts, out string wrong, out string? lost)
    {
        (wrong, lost) = ("", null);
        var (cases, notes) = (new List<ImportedCase>(), new List<string>());
        var (scored, parts) = (new Dictionary<string, string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < rows.Count; i++)
        {
            if (!KnowsRow(rows[i]))
            {
                wrong = string.Create(CultureInfo.InvariantCulture, $"Its sample {i + 1} has not all of doc_id, doc and resps. Run it again with --log_samples.");
                return null;
            }

            cases.Add(Case(rows[i], task, scored, parts));
        }

        // A list belongs to a metric of all cases together, also where single ones have a number.
        foreach (var part in parts)
        {
            scored.Remove(part);
        }

        if (parts.Count > 0)
        {
            notes.Add($"{string.Join(", ", parts)}: the file holds no score of single cases, only parts of a value of all of them; these are not compared case by case.");
        }

        lost = facts.Lost(task, rows.Select(static row => row.At("doc_id").Shown()).Distinct(StringComparer.Ordinal).Count());
        var metrics = scored.Select(each => new ImportedMetric
        {
            Id = each.Key,
            Signature = LmEvalNames.Signature(each.Key, facts.Version(task)),
            Direction = LmEvalNames.Direction(each.Value, facts.IsMoreBetter(task, each.Value)),
            Range = LmEvalNames.Range(each.Value),
            HasCases = true,
        }).ToList();
        return (cases, metrics, notes);
    }

    private static ImportedEvaluation? Evaluation(IReadOnlyList<JsonElement> rows, LmEvalFacts facts, string path, string task, string model, out string wrong)
    {
        if (TryReadTask(rows, task, facts, out wrong, out var lost) is not var (cases, metrics, notes))
        {
            return null;
        }

        if (facts == LmEvalFacts.None)
        {
            notes.Add("The results file of the run is not beside it: nothing says whether it was of a part (--limit), nor the task's version.");
        }

        var (completeness, because) = lost is null ? facts.Completeness([task]) : (DataCompleteness.Partial, lost);
        return new ImportedEvaluation
        {
            Tool = LmEvalFacts.Tool,
            Version = facts.ToolVersion,
            File = Path.GetFileName(path),
            Notes = notes,
            CasesRemedy = LmEvalFacts.CasesRemedy,
            Runs = [new ImportedRun { Name = model, Model = model, Cases = cases, Metrics = metrics, Completeness = completeness, IncompleteBecause = because }],
        };
    }

    private static ImportedCase Case(JsonElement row, string task, Dictionary<string, string> scored, SortedSet<string> parts)
    {
        var filter = row.Text("filter") ?? LmEvalNames.NoFilter;
        var scores = new Dictionary<string, double?>(StringComparer.Ordinal);
        var names = row.At("metrics") is { ValueKind: JsonValueKind.Array } told ? ((JsonElement?)told).Items().Select(static name => ((JsonElement?)name).Shown() ?? "") : row.EnumerateObject().Select(static member => member.Name);
        foreach (var name in names.Except(s_notMetrics, StringComparer.Ordinal))
        {
            var id = LmEvalNames.Id(task, name, filter);
            if (row.At(name) is { ValueKind: JsonValueKind.Array or JsonValueKind.Object })
            {
                parts.Add(id);
                continue;
            }

            scores[id] = row.At(name).Score();
            scored[id] = name;
        }

        var number = row.At("doc_id").Shown();
        return new ImportedCase
        {
            Subject = Print.Of(task, row.Text("doc_hash") ?? Print.Canonical(row.At("doc"))),
            Checks = Print.Of(row.Text("target_hash") ?? Print.Canonical(row.At("target"))),
            Prompt = row.Text("prompt_hash") ?? Print.Of(Print.Canonical(row.At("arguments"))),
            Name = task.Length > 0 ? $"{task} {number}" : $"document {number}",
            Scores = scores,
            Asked = row.At("arguments", "gen_args_0", "arg_0").Shown(),
            Expected = row.At("target").Shown(),
            Answer = Answer(row),
        };
    }

    /// <summary>What was made of the answer by the filter; a list of one as its item.</summary>
    private static string? Answer(JsonElement row)
    {
        var answer = row.At("filtered_resps") ?? row.At("resps");
        while (answer is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 1)
        {
            answer = list[0];
        }

        return answer.Shown();
    }

    /// <summary>The harness writes each model's files into a folder of its name.</summary>
    private static string Folder(string path) => Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) is { Length: > 0 } folder ? folder.Replace("__", "/", StringComparison.Ordinal) : "model";
}
