using System.Globalization;
using System.Reflection;
using ModelMigrate.Control.Evaluation.Importing.Reading;
using ModelMigrate.Core.Evaluation.Checking;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Importing.Matching;

/// <summary>Compares two runs that other tools have made, case by case, and makes the same result of it as a comparison that this program ran.</summary>
public static class RunComparison
{
    private const int MostWorst = 20;

    /// <summary>The result with its gate; null when what is asked cannot be, and why. Pure.</summary>
    public static EvaluationResult? Of(RunPair runs, PairingRequest request, out IReadOnlyList<string> problems)
    {
        var wrong = new List<string>();
        problems = wrong;
        if (runs.SourceFile.Tool != runs.TargetFile.Tool)
        {
            wrong.Add($"{runs.SourceFile.File} is of {runs.SourceFile.Tool} and {runs.TargetFile.File} of {runs.TargetFile.Tool}. Give two files of one tool: scores of two are not the same metric.");
            return null;
        }

        var match = CaseMatch.Of(runs.Source, runs.Target, request.IgnoresPrompts);
        if (match.Ambiguous is { } ambiguous)
        {
            wrong.Add($"A run asked {ambiguous} with several prompts, so nothing says which is the pair of the other run's; leave --accept unlike-prompts out, or give files of one prompt each.");
            return null;
        }

        if (!request.TakesAverages && (runs.Source.Cases.Count == 0 || runs.Target.Cases.Count == 0))
        {
            var (file, which) = runs.Source.Cases.Count == 0 ? (runs.SourceFile, "source") : (runs.TargetFile, "target");
            wrong.Add($"{file.File} holds averages of the {which} and no scores of single cases, so nothing can be paired. {file.CasesRemedy} Or compare the averages with --unpaired, which never passes.");
            return null;
        }

        var metrics = MetricSelection.Of(runs, request, wrong);
        if (wrong.Count > 0)
        {
            return null;
        }

        var columns = metrics.Where(static metric => metric.HasCases).Select(metric => new ScoreColumn(metric, match)).ToList();
        var figures = metrics.Select(metric => Figures(metric, columns.Find(each => each.Metric == metric), match.Cases)).ToList();
        var (completeness, because) = Whole(runs, request);
        var result = new EvaluationResult
        {
            ProgramVersion = typeof(RunComparison).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "",
            Dataset = new EvaluationDataset
            {
                Name = runs.SourceFile.File == runs.TargetFile.File ? runs.SourceFile.File : $"{runs.SourceFile.File} and {runs.TargetFile.File}",
                Hash = Print.Of([.. match.Cases.Select(static each => each.Source ?? each.Target!).SelectMany(static each => new[] { each.Subject, each.Checks })]),
                Rows = match.Cases.Count,
                Selected = match.Cases.Count,
            },
            Completeness = completeness,
            IncompleteBecause = because,
            Source = Arm(runs.Source, match.Cases.Select(static each => each.Source)),
            Target = Arm(runs.Target, match.Cases.Select(static each => each.Target)),
            Metrics = figures,
            Seeds = new SortedDictionary<string, long>(StringComparer.Ordinal) { ["bootstrap"] = request.Gate.Seed },
            WorstCases = [.. columns.SelectMany(static column => column.Lost()).OrderByDescending(static lost => lost.Loss).Take(MostWorst).Select(static lost => lost.Case)],
            Samples = match.Cases.Count is 0 or > SampleScores.Most ? null : new SampleScores
            {
                Ids = [.. match.Cases.Select(static each => each.Name)],
                Clusters = match.HasClusters ? [.. match.Cases.Select(static each => each.Subject)] : null,
                Source = columns.ToDictionary(static column => column.Metric.Id, static column => column.Source, StringComparer.Ordinal),
                Target = columns.ToDictionary(static column => column.Metric.Id, static column => column.Target, StringComparer.Ordinal),
            },
            Imported = Pairs(runs, match),
        };
        return result with { Gate = Judge(runs, request, match, metrics, columns, figures, completeness) };
    }

    private static GateResult Judge(
        RunPair runs, PairingRequest request, CaseMatch match, IReadOnlyList<PairedMetric> metrics, List<ScoreColumn> columns, List<MetricFigures> figures, DataCompleteness completeness)
    {
        var refusals = new List<GateRefusal>();
        if (match.OnlySource.TryGetValue(LeftOverReason.OtherPrompt, out var others))
        {
            refusals.Add(new(GateRefusalReason.UnlikeData, string.Create(
                CultureInfo.InvariantCulture,
                $"{others.Count} {(others.Count == 1 ? "case was" : "cases were")} asked with another prompt in the other run, {others[0]} first. Ask both with one prompt; or, when each model is to have its own, --accept unlike-prompts.")));
        }

        else if (match is { Paired: 0, Cases.Count: > 0 })
        {
            refusals.Add(new(GateRefusalReason.UnlikeData, $"No case is in both runs: {runs.SourceFile.File} begins with {match.OnlySource.Values.FirstOrDefault()?[0] ?? "none"}, {runs.TargetFile.File} with {match.OnlyTarget.Values.FirstOrDefault()?[0] ?? "none"}. Give two runs of the same tests."));
        }

        foreach (var metric in metrics.Where(static metric => metric is { Gate: not null, HasCases: false }))
        {
            var (which, file) = metric.Source.HasCases ? ("target", runs.TargetFile) : ("source", runs.SourceFile);
            if (!request.TakesAverages)
            {
                refusals.Add(new(
                    GateRefusalReason.NoScores, $"{metric.Id}: {file.File} holds the {which}'s average and no scores of single cases, so nothing can be paired. {file.CasesRemedy} Or compare the averages with --unpaired, which never passes.", metric.Id));
            }
            else if (metric.Source.Signature != metric.Target.Signature)
            {
                refusals.Add(new(GateRefusalReason.UnlikeSignatures, $"{metric.Id}: the source was scored by {metric.Source.Signature}, the target by {metric.Target.Signature}; score both by one.", metric.Id));
            }
        }

        var told = refusals.Select(static refusal => refusal.Metric).ToHashSet(StringComparer.Ordinal);
        var gated = columns.Where(static column => column.Metric.Gate is not null).ToList();
        return RunsCheck.Of(
            [.. metrics.Select(static metric => metric.Gate).OfType<MetricGate>()],
            [.. gated.Select(static column => column.Pairs)],
            [.. metrics.Zip(figures).Where(each => each.First is { Gate: not null, HasCases: false } && !told.Contains(each.First.Id)).Select(static each => each.Second)],
            refusals, request.Gate, completeness);
    }

    private static (DataCompleteness Completeness, string? Because) Whole(RunPair runs, PairingRequest request)
    {
        foreach (var (run, file) in new[] { (runs.Source, runs.SourceFile), (runs.Target, runs.TargetFile) })
        {
            if (run.Completeness == DataCompleteness.Partial || (run.Completeness == DataCompleteness.Limited && !request.TakesParts))
            {
                return (run.Completeness, $"{file.File}: {run.IncompleteBecause}{(run.Completeness == DataCompleteness.Limited ? " To judge the part as a data set of its own: --accept limited." : "")}");
            }
        }

        return (DataCompleteness.Complete, null);
    }

    private static MetricFigures Figures(PairedMetric metric, ScoreColumn? column, IReadOnlyList<MatchedCase> cases) => new()
    {
        Metric = metric.Id,
        Signature = metric.Target.Signature,
        Direction = metric.Direction,
        Source = column?.SourceFigures ?? metric.Source.Whole ?? ScoreColumn.Figures([.. cases.Select(each => each.Source?.Scores.GetValueOrDefault(metric.Id))], metric.Range),
        Target = column?.TargetFigures ?? metric.Target.Whole ?? ScoreColumn.Figures([.. cases.Select(each => each.Target?.Scores.GetValueOrDefault(metric.Id))], metric.Range),
        Range = double.IsFinite(metric.Range) ? metric.Range : null,
    };

    private static EvaluationArm Arm(ImportedRun run, IEnumerable<ImportedCase?> merged)
    {
        List<ImportedCase> cases = [.. merged.OfType<ImportedCase>()];
        var errors = cases.LongCount(static each => each.IsError);
        return new EvaluationArm
        {
            Model = run.Name,
            Answers = cases.Count > 0 ? cases.Count - errors : run.Metrics.Max(static metric => metric.Whole?.Cases ?? 0),
            Errors = errors,
            ErrorsByKind = errors == 0 ? new SortedDictionary<string, long>(StringComparer.Ordinal) : new SortedDictionary<string, long>(StringComparer.Ordinal) { ["error"] = errors },
            InputTokens = run.InputTokens,
            OutputTokens = run.OutputTokens,
            Cost = run.Cost,
        };
    }

    private static ImportedPairs Pairs(RunPair runs, CaseMatch match)
    {
        var (source, target) = (runs.SourceFile, runs.TargetFile);
        List<string> notes = [.. new[] { source, target }.Distinct().SelectMany(static file => file.Notes.Select(note => $"{file.File}: {note}")).Distinct(StringComparer.Ordinal)];
        if (source.Version is { } one && target.Version is { } other && one != other)
        {
            notes.Add($"The runs are of {source.Tool} {one} and {other}; versions may score differently.");
        }

        return new ImportedPairs
        {
            Tool = source.Tool,
            SourceFile = source.File,
            TargetFile = target.File,
            Paired = match.Paired,
            OnlySource = match.OnlySource.Values.Sum(static names => (long)names.Count),
            OnlyTarget = match.OnlyTarget.Values.Sum(static names => (long)names.Count),
            OnlySourceBecause = Because(match.OnlySource),
            OnlyTargetBecause = Because(match.OnlyTarget),
            Notes = notes,
        };
    }

    private static SortedDictionary<string, long> Because(IReadOnlyDictionary<LeftOverReason, List<string>> alone) => new(alone.ToDictionary(
        static each => each.Key switch
        {
            LeftOverReason.NotThere => "not_there",
            LeftOverReason.OtherPrompt => "other_prompt",
            LeftOverReason.OtherChecks => "other_checks",
        },
        static each => (long)each.Value.Count, StringComparer.Ordinal), StringComparer.Ordinal);
}
