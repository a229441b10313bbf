using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Importing.Matching;

/// <summary>Which metrics of two runs are shown and which are gates. Everything that is wrong with the choice is collected.</summary>
internal static class MetricSelection
{
    private const string Pass = "pass";

    /// <summary>Metrics that are named in a message, at most.</summary>
    private const int MostNamed = 12;

    public static IReadOnlyList<PairedMetric> Of(RunPair runs, PairingRequest request, List<string> problems)
    {
        var both = runs.Source.Metrics.Join(runs.Target.Metrics, static metric => metric.Id, static metric => metric.Id, static (source, target) => (Source: source, Target: target), StringComparer.Ordinal).ToList();
        if (both.Count == 0)
        {
            problems.Add($"The runs have no metric in common: {runs.SourceFile.File} has {Names(runs.Source.Metrics)}; {runs.TargetFile.File} has {Names(runs.Target.Metrics)}.");
            problems.AddRange(runs.SourceFile.Notes.Concat(runs.TargetFile.Notes).Distinct(StringComparer.Ordinal));
            return [];
        }

        foreach (var asked in request.Metrics.Concat(request.Margins.Keys).Concat(request.Directions.Keys).Where(static id => id.Length > 0).Distinct(StringComparer.Ordinal).Where(asked => !both.Exists(metric => Is(metric.Source.Id, asked))))
        {
            var alone = runs.Source.Metrics.Any(metric => Is(metric.Id, asked)) ? "only the source has it"
                : runs.Target.Metrics.Any(metric => Is(metric.Id, asked)) ? "only the target has it"
                : NearestName.Of(asked, both.Select(static metric => metric.Source.Id)) is { } near ? $"did you mean {near}" : "neither run has it";
            problems.Add($"There is no metric {asked} to compare: {alone}. Both have {Names(both.Select(static metric => metric.Source))}.");
        }

        var hasPass = both.Exists(static metric => metric.Source.Id == Pass);
        var selected = new List<PairedMetric>();
        foreach (var (source, target) in both)
        {
            var direction = Written(request.Directions, source.Id, out var written) ? written
                : source.Direction == MetricDirection.Neither ? target.Direction
                : target.Direction == MetricDirection.Neither ? source.Direction
                : source.Direction == target.Direction ? source.Direction : MetricDirection.LowerIsBetter;
            var hasOwn = request.Margins.Keys.Any(id => id.Length > 0 && Is(source.Id, id));
            var isAsked = request.Metrics.Count > 0 ? request.Metrics.Any(id => Is(source.Id, id)) : !hasPass || source.Id == Pass;
            var gate = isAsked || hasOwn ? Gate(source, target, direction, request, problems) : null;
            if (request.Metrics.Count == 0 || isAsked || hasOwn)
            {
                selected.Add(new PairedMetric(source, target, direction, gate));
            }
        }

        if (problems.Count == 0 && selected.TrueForAll(static metric => metric.Gate is null))
        {
            problems.Add($"None of the metrics has a margin, so nothing could pass; write one, for example --margin {selected[0].Id}=0.05.");
        }

        return selected;
    }

    /// <summary>Asked for by name a metric must be able to gate; else one that cannot is only shown.</summary>
    private static MetricGate? Gate(ImportedMetric source, ImportedMetric target, MetricDirection direction, PairingRequest request, List<string> problems)
    {
        var isNamed = request.Metrics.Any(id => Is(source.Id, id)) || request.Margins.Keys.Any(id => id.Length > 0 && Is(source.Id, id));
        if (direction == MetricDirection.Neither)
        {
            if (isNamed)
            {
                problems.Add($"Nothing says whether more or less of {source.Id} is better; write --direction {source.Id}=higher, or lower.");
            }

            return null;
        }

        if (!isNamed && !request.TakesAverages && !(source.HasCases && target.HasCases))
        {
            return null;
        }

        var isWritten = Written(request.Margins, source.Id, out var margin) || request.Margins.TryGetValue("", out margin);
        if (!isWritten && Math.Max(source.Range, target.Range) > 1)
        {
            if (isNamed)
            {
                problems.Add($"{source.Id} is not known to be between 0 and 1, so it has no usual margin; write how much worse is good enough in its unit: --margin {source.Id}=VALUE.");
            }

            return null;
        }

        return new MetricGate { Metric = source.Id, Margin = isWritten ? margin.Margin : PairingRequest.UsualMargin, IsRelative = isWritten && margin.IsRelative };
    }

    /// <summary>By its id, or by the part of it after the task.</summary>
    private static bool Is(string id, string asked) => id == asked || (id.EndsWith(asked, StringComparison.Ordinal) && id[^(asked.Length + 1)] == '/');

    private static bool Written<T>(IReadOnlyDictionary<string, T> by, string id, out T value)
    {
        var key = by.Keys.FirstOrDefault(each => each.Length > 0 && Is(id, each));
        value = key is null ? default! : by[key];
        return key is not null;
    }

    private static string Names(IEnumerable<ImportedMetric> metrics)
    {
        List<string> names = [.. metrics.Select(static metric => metric.Id)];
        return names.Count == 0 ? "none" : string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "");
    }
}
