using System.Globalization;
using System.Reflection;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Storing;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Pairing;

/// <summary>Makes a comparison's result of what its folder keeps, and of nothing else: a run that was resumed and one that was not have the same.</summary>
public static class ComparisonResult
{
    private const int MostWorst = 20;

    /// <summary>Reads and judges. <paramref name="because"/>: why it is not whole, when the run says so. Without its <paramref name="dataset"/> the worst cases have no prompts.</summary>
    public static async Task<EvaluationResult> OfAsync(
        EvaluationPlan plan, EvaluationStore store, StoreScope scope, string because, Dataset? dataset, EvaluationTiming? timing, CancellationToken cancel)
    {
        var read = scope.Metrics.Select(metric => store.Scores(scope, metric.Metric, metric.Number)).ToList();
        var (source, target) = (Arm(store, scope, ArmRole.Source, plan.Source), Arm(store, scope, ArmRole.Target, plan.Target));
        var expected = plan.Rows * plan.Repeats;
        var missing = (2 * expected) - (source.Answers + source.Errors) - (target.Answers + target.Errors);
        var ungraded = store.Ungraded(scope, plan.Rows, plan.Repeats);
        var completeness = missing != 0 || ungraded > 0 ? DataCompleteness.Partial : plan.LeftOut > 0 ? DataCompleteness.Limited : DataCompleteness.Complete;
        var gates = plan.Metrics.Where(static metric => metric.Margin is not null)
            .Select(static metric => new MetricGate { Metric = metric.Id, Margin = metric.Margin!.Value, IsRelative = metric.IsRelative }).ToList();
        return new EvaluationResult
        {
            ProgramVersion = typeof(ComparisonResult).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "",
            Dataset = new EvaluationDataset { Name = plan.Dataset, Hash = plan.DatasetHash, Rows = plan.Rows + plan.LeftOut, Selected = plan.Rows, Repeats = plan.Repeats },
            Completeness = completeness,
            IncompleteBecause = completeness switch
            {
                DataCompleteness.Partial => because.Length > 0 ? because : missing == 0 ? string.Create(CultureInfo.InvariantCulture, $"{ungraded} answers are not graded yet.") : string.Create(CultureInfo.InvariantCulture, $"{missing} of {2 * expected} answers are missing."),
                DataCompleteness.Limited => string.Create(CultureInfo.InvariantCulture, $"{plan.LeftOut} of {plan.Rows + plan.LeftOut} rows were left out by a filter or a limit."),
                DataCompleteness.Complete => null,
            },
            Source = source,
            Target = target,
            Metrics = [.. scope.Metrics.Select((metric, i) => Figures(metric.Metric, plan.Metrics[i], read[i]))],
            Grading = GradingReading.Of(store, scope),
            Gate = PairedGate.Judge(gates, [.. read.Select(static each => each.Pairs)], plan.Gate, completeness),
            Seeds = new SortedDictionary<string, long>(StringComparer.Ordinal) { ["bootstrap"] = plan.Gate.Seed },
            WorstCases = await WorstAsync(plan, store, scope, read, dataset, cancel),
            Samples = Samples(plan, store, scope, read),
            Timing = timing is null ? null : timing with { Source = Latency(store, scope, ArmRole.Source), Target = Latency(store, scope, ArmRole.Target) },
        };
    }

    private static EvaluationArm Arm(EvaluationStore store, StoreScope scope, ArmRole role, string name) => store.Tally(scope, role, name) with { GradingCost = GradingReading.CostOf(store, scope, role) };

    private static MetricFigures Figures(Core.Metrics.AnswerMetric metric, PlannedMetric planned, MetricReading read) => new()
    {
        Metric = metric.Definition.Id,
        Signature = metric.Signature,
        Parameters = planned is { Grading: null, Parameters.Count: > 0 } ? planned.Parameters : null,
        Profile = planned.Profile,
        Direction = metric.Definition.Direction,
        Source = read.Source,
        Target = read.Target,
        Range = metric.Definition.High - metric.Definition.Low is var range && double.IsFinite(range) ? range : null,
        Worst = read.Pairs.Worst,
        IsPercent = metric.Definition.IsPercent,
    };

    private static SampleScores? Samples(EvaluationPlan plan, EvaluationStore store, StoreScope scope, List<MetricReading> read)
    {
        if (plan.Rows > SampleScores.Most)
        {
            return null;
        }

        var samples = store.Samples(scope);
        if (read.Exists(each => each.Samples.Count != samples.Count))
        {
            // Rows of another comparison of the same data are among them.
            return null;
        }

        return new SampleScores
        {
            Ids = [.. samples.Select(static sample => sample.Id)],
            Clusters = samples.Count > 0 && samples.All(static sample => sample.Cluster is not null) ? [.. samples.Select(static sample => sample.Cluster!)] : null,
            Source = Columns(static pair => pair.Source),
            Target = Columns(static pair => pair.Target),
            TargetCounts = read.Exists(static each => each.TargetCounts.Count > 0)
                ? new SortedDictionary<string, IReadOnlyList<string?>>(
                    read.Select((each, i) => (plan.Metrics[i].Id, each.TargetCounts)).Where(static each => each.TargetCounts.Count > 0).ToDictionary(static each => each.Id, static each => each.TargetCounts, StringComparer.Ordinal),
                    StringComparer.Ordinal)
                : null,
        };

        SortedDictionary<string, IReadOnlyList<double?>> Columns(Func<(double? Source, double? Target), double?> side) => new(
            read.Select((each, i) => (plan.Metrics[i].Id, each)).ToDictionary(static each => each.Id, each => (IReadOnlyList<double?>)[.. each.each.Samples.Select(side)], StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static async Task<IReadOnlyList<WorstCase>> WorstAsync(
        EvaluationPlan plan, EvaluationStore store, StoreScope scope, List<MetricReading> read, Dataset? dataset, CancellationToken cancel)
    {
        var worst = read.SelectMany((each, i) => each.Worst.Where(_ => plan.Metrics[i].Margin is not null).Select(lost => (plan.Metrics[i].Id, Lost: lost)))
            .OrderByDescending(static each => each.Lost.Loss).ThenBy(static each => each.Lost.Sample).ThenBy(static each => each.Id, StringComparer.Ordinal).Take(MostWorst).ToList();
        var rows = new Dictionary<long, DatasetRow>();
        var wanted = worst.Select(static each => each.Lost.Sample).ToHashSet();
        if (dataset is not null && wanted.Count > 0)
        {
            await foreach (var row in dataset.ReadAsync(new DatasetProblems(), hash: null, cancel))
            {
                if (wanted.Contains(row.Number))
                {
                    rows[row.Number] = row;
                    if (rows.Count == wanted.Count)
                    {
                        break;
                    }
                }
            }
        }

        return
        [
            .. worst.Select(each => new WorstCase
            {
                Sample = store.Id(scope, each.Lost.Sample),
                Metric = each.Id,
                SourceScore = each.Lost.Source,
                TargetScore = each.Lost.Target,
                Prompt = rows.GetValueOrDefault(each.Lost.Sample)?.Messages[^1].Text,
                Expected = rows.GetValueOrDefault(each.Lost.Sample)?.References is [var expected, ..] ? expected : null,
                SourceAnswer = store.Text(scope, ArmRole.Source, each.Lost.Sample),
                TargetAnswer = store.Text(scope, ArmRole.Target, each.Lost.Sample),
                Line = rows.GetValueOrDefault(each.Lost.Sample)?.Line,
            }),
        ];
    }

    private static LatencyFigures Latency(EvaluationStore store, StoreScope scope, ArmRole role)
    {
        var sorted = store.Latencies(scope, role);
        return new LatencyFigures
        {
            Cases = sorted.Count,
            MeanMs = sorted.Count == 0 ? null : sorted.Average(),
            P50Ms = Quantile(sorted, 0.5),
            P95Ms = Quantile(sorted, 0.95),
            P99Ms = Quantile(sorted, 0.99),
            FirstTokenP50Ms = Quantile(store.Latencies(scope, role, areFirst: true), 0.5),
        };
    }

    /// <summary>The least value that at least this share of the sorted values does not exceed.</summary>
    private static double? Quantile(IReadOnlyList<double> sorted, double share) => sorted.Count == 0 ? null : sorted[(int)Math.Ceiling(share * sorted.Count) - 1];
}
