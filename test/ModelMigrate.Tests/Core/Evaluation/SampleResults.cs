using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Tests.Core.Evaluation;

/// <summary>Result files of comparisons that never ran.</summary>
internal static class SampleResults
{
    public const string Signature = "exact|version:1";

    /// <summary>In so many of 500 rows both arms score 1, in the others 0.</summary>
    public static EvaluationResult Alike(int ones)
    {
        double?[] scores = [.. Enumerable.Range(0, 500).Select(i => i < ones ? 1 : 0)];
        var result = Comparison();
        return result with
        {
            Metrics = [result.Metrics[0] with { Source = Figures(scores), Target = Figures(scores) }],
            Samples = result.Samples! with
            {
                Source = new SortedDictionary<string, IReadOnlyList<double?>>(StringComparer.Ordinal) { ["exact"] = scores },
                Target = new SortedDictionary<string, IReadOnlyList<double?>>(StringComparer.Ordinal) { ["exact"] = scores },
            },
        };
    }

    /// <summary>By one metric: in so many of the rows only the source was right, in so many only the target; of the others every fifth is wrong in both arms.</summary>
    public static EvaluationResult Comparison(int rows = 500, int onlySource = 20, int onlyTarget = 20, double margin = 0.05, DataCompleteness completeness = DataCompleteness.Complete)
    {
        var scores = new PairedScores("exact", Signature, Signature, MetricDirection.HigherIsBetter) { Range = 1 };
        var (source, target) = (new double?[rows], new double?[rows]);
        for (var i = 0; i < rows; i++)
        {
            source[i] = i < onlySource ? 1 : i < onlySource + onlyTarget ? 0 : i % 5 == 0 ? 0 : 1;
            target[i] = i < onlySource ? 0 : i < onlySource + onlyTarget ? 1 : source[i];
            scores.Add(source[i], target[i]);
        }

        return new EvaluationResult
        {
            ProgramVersion = "0.1.0",
            Dataset = new EvaluationDataset { Name = "questions.jsonl", Hash = "sha256:1f", Rows = rows, Selected = rows },
            Completeness = completeness,
            IncompleteBecause = completeness == DataCompleteness.Complete ? null : "30 of the rows were not asked.",
            Source = Arm("openai/old", 1.25m, rows),
            Target = Arm("openai/new", 0.5m, rows),
            Metrics = [new MetricFigures { Metric = "exact", Signature = Signature, Direction = MetricDirection.HigherIsBetter, Range = 1, Source = Figures(source), Target = Figures(target) }],
            Gate = PairedGate.Judge([new MetricGate { Metric = "exact", Margin = margin }], [scores], new GateOptions(), completeness),
            Seeds = new SortedDictionary<string, long>(StringComparer.Ordinal) { ["bootstrap"] = 1 },
            WorstCases = [new WorstCase { Sample = "q0", Metric = "exact", SourceScore = 1, TargetScore = 0, Expected = "Paris", SourceAnswer = "Paris", TargetAnswer = "Lyon <b>|", Line = 1 }],
            Samples = new SampleScores
            {
                Ids = [.. Enumerable.Range(0, rows).Select(i => $"q{i}")],
                Source = new SortedDictionary<string, IReadOnlyList<double?>>(StringComparer.Ordinal) { ["exact"] = source },
                Target = new SortedDictionary<string, IReadOnlyList<double?>>(StringComparer.Ordinal) { ["exact"] = target },
            },
            Timing = new EvaluationTiming { Seconds = 12.5, RowsPerSecond = 40, Source = new LatencyFigures { Cases = rows, P50Ms = 400, P95Ms = 900 } },
        };
    }

    private static EvaluationArm Arm(string model, decimal cost, int rows) =>
        new() { Model = model, Answers = rows, Errors = 0, InputTokens = 1000, OutputTokens = 500, Cost = cost };

    private static ArmFigures Figures(double?[] scores)
    {
        var (ones, all) = (scores.Count(score => score == 1), scores.Count(score => score is not null));
        var interval = Wilson.Of(ones, all);
        return new ArmFigures
        {
            Cases = all,
            Missing = scores.Length - all,
            Mean = all > 0 ? ones / (double)all : null,
            Low = interval.Low,
            High = interval.High,
            StandardError = all > 1 ? MeanEstimate.Of([.. scores.OfType<double>()]).StandardError : null,
        };
    }
}
