using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Importing.Reading;

/// <summary>A log of inspect_ai as JSON. Epochs of a sample are repeats; a scorer's C, P and I are 1, ½ and 0, as inspect itself counts them.</summary>
internal static class InspectReader
{
    private const string Tool = "inspect";

    public static bool Knows(JsonElement root) => root.At("eval", "task") is not null && root.At("eval", "model") is not null && root.At("status") is not null;

    public static ImportedEvaluation? TryRead(JsonElement root, string path, out string wrong)
    {
        var (cases, scorers) = (new List<ImportedCase>(), new Dictionary<string, List<double?>>(StringComparer.Ordinal));
        var (task, solver) = (root.At("eval", "task").Shown() ?? "", Print.Of(Print.Canonical(root.At("plan", "steps"))));
        List<JsonElement> samples = [.. root.At("samples").Items()];
        foreach (var sample in samples)
        {
            cases.Add(Case(sample, task, solver, scorers));
        }

        // What a sample that ended in an error would have been scored by, the others say.
        cases = [.. cases.Select(each => each.IsError ? each with { Scores = scorers.Keys.ToDictionary(static name => name, static _ => (double?)null, StringComparer.Ordinal) } : each)];
        var version = root.At("eval", "task_version").Shown() ?? "0";
        var metrics = scorers.Select(each => new ImportedMetric
        {
            Id = each.Key,
            Signature = $"{Tool} {task} version {version} {each.Key}",
            Direction = MetricDirection.HigherIsBetter,
            Range = each.Value.TrueForAll(static score => score is null or (>= 0 and <= 1)) ? 1 : double.PositiveInfinity,
            HasCases = true,
        }).Concat(samples.Count > 0 ? [] : Averages(root, task, version)).ToList();
        wrong = metrics.Count == 0 ? "It has no scores: the log is of a run that was not scored. Score it: inspect score FILE." : "";
        var model = root.Text("eval", "model") ?? "model";
        var (completeness, because) = Completeness(root, samples);
        return wrong.Length > 0 ? null : new ImportedEvaluation
        {
            Tool = Tool,
            Version = root.Text("eval", "packages", "inspect_ai"),
            File = Path.GetFileName(path),
            CasesRemedy = "Run inspect eval with --log-samples, and write the log as JSON: --log-format json.",
            Runs =
            [
                new ImportedRun
                {
                    Name = model, Model = model, Cases = cases, Metrics = metrics, Completeness = completeness, IncompleteBecause = because,
                    InputTokens = Tokens(samples, "input_tokens"), OutputTokens = Tokens(samples, "output_tokens"),
                },
            ],
        };
    }

    private static (DataCompleteness Completeness, string? Because) Completeness(JsonElement root, List<JsonElement> samples)
    {
        if (root.Text("status") is not "success" and var status)
        {
            return (DataCompleteness.Partial, $"The log's status is {status}.");
        }

        var asked = samples.Count > 0 ? samples.Select(static sample => sample.At("id").Shown()).Distinct(StringComparer.Ordinal).Count() : (long?)root.At("results", "completed_samples").Score();
        return root.At("eval", "config", "limit") is { ValueKind: not JsonValueKind.Null } && root.At("eval", "dataset", "samples").Score() is { } all && asked < all
            ? (DataCompleteness.Limited, string.Create(CultureInfo.InvariantCulture, $"{asked} of the data set's {all} samples were asked."))
            : (DataCompleteness.Complete, null);
    }

    private static ImportedCase Case(JsonElement sample, string task, string solver, Dictionary<string, List<double?>> scorers)
    {
        var scores = new Dictionary<string, double?>(StringComparer.Ordinal);
        foreach (var scorer in sample.At("scores").Members())
        {
            var value = scorer.Value.At("value");
            if (value is { ValueKind: JsonValueKind.Object })
            {
                foreach (var part in value.Members())
                {
                    scores[$"{scorer.Name}/{part.Name}"] = Value(part.Value);
                }
            }
            else
            {
                scores[scorer.Name] = Value(value);
            }
        }

        var isError = sample.At("error") is { ValueKind: not JsonValueKind.Null };
        foreach (var (name, score) in isError ? [] : scores)
        {
            (scorers.TryGetValue(name, out var all) ? all : scorers[name] = []).Add(score);
        }

        var (id, asked) = (sample.At("id").Shown() ?? "", Print.Canonical(sample.At("input")));
        return new ImportedCase
        {
            Subject = Print.Of(task, id, asked),
            Checks = Print.Of(Print.Canonical(sample.At("target"))),
            Prompt = solver,
            Name = $"{task} {id}",
            Scores = scores,
            IsError = isError,
            Asked = sample.At("input").Shown(),
            Expected = sample.At("target").Shown(),
            Answer = sample.At("output", "choices").Items().FirstOrDefault().Text("message", "content") ?? sample.Text("output", "completion"),
        };
    }

    /// <summary>C, P, I and N, yes and no, and numbers; a list has no value of its own.</summary>
    private static double? Value(JsonElement? value) => value.Shown()?.ToLowerInvariant() switch
    {
        "c" or "yes" => 1,
        "p" => 0.5,
        "i" or "n" or "no" => 0,
        _ => value.Score(),
    };

    private static IEnumerable<ImportedMetric> Averages(JsonElement root, string task, string version)
    {
        foreach (var scorer in root.At("results", "scores").Items())
        {
            foreach (var average in scorer.At("metrics").Members().Where(static metric => metric.Name is "accuracy" or "mean"))
            {
                var id = scorer.Text("name") ?? average.Name;
                yield return new ImportedMetric
                {
                    Id = id,
                    Signature = $"{Tool} {task} version {version} {id} {average.Name}",
                    Direction = MetricDirection.HigherIsBetter,
                    Range = average.Name == "accuracy" ? 1 : double.PositiveInfinity,
                    HasCases = false,
                    Whole = new ArmFigures
                    {
                        Cases = (long?)root.At("results", "completed_samples").Score() ?? 0, Missing = 0, Mean = average.Value.At("value").Score(), StandardError = scorer.At("metrics", "stderr", "value").Score(),
                    },
                };
            }
        }
    }

    private static long Tokens(List<JsonElement> samples, string kind) => (long)samples.Sum(sample => sample.At("output", "usage", kind).Score() ?? 0);
}
