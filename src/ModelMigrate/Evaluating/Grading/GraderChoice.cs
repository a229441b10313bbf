using System.Security.Cryptography;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Grading;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Control.Evaluation.Judging.Rubrics;
using ModelMigrate.Control.Evaluation.Metrics;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Configuration.Evaluations;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Providers.Evaluators;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Evaluating.Grading;

/// <summary>Makes the metrics of a comparison that a program, an evaluator or a judge scores. Owns what they run with; judges share one limit of cost.</summary>
/// <param name="context">The command.</param>
/// <param name="config">The comparison.</param>
/// <param name="models">Where judges are found.</param>
/// <param name="folder">What relative paths are relative to; null for the caller's folder.</param>
internal sealed class GraderChoice(CommandContext context, EvaluationConfig config, ArmChoice models, string? folder) : IDisposable
{
    /// <summary>What a call says beside its material: instructions, rule and shape.</summary>
    private const int UsualInstructions = 1800;

    private readonly ProviderConnections _connections = new(context.Terminal.Time);
    private readonly List<CommandPool> _pools = [];
    private readonly List<AnswerGrader> _graders = [];
    private readonly List<Judged> _judged = [];

    /// <summary>What all judges may cost together.</summary>
    public CostLimit Limit { get; } = new(config.GradingBudget);

    /// <summary>In the order in which they were asked for.</summary>
    public IReadOnlyList<AnswerGrader> Graders => _graders;

    public IReadOnlyList<Judged> Judged => _judged;

    /// <summary>The metric as it is planned and as its scores are read; null after what is wrong was added.</summary>
    public (PlannedMetric Planned, AnswerMetric Metric)? Find(EvaluationMetricConfig written, IReadOnlyList<ComparedArm> arms, List<string> problems)
    {
        var wrong = new List<string>();
        var name = written.Name ?? written.Id;
        var made = written.Id switch
        {
            OwnMetrics.Evaluator => OfEvaluator(name, written.Parameters, wrong),
            OwnMetrics.Rubric => OfRubric(name, written.Parameters, arms, wrong),
            OwnMetrics.Preference => OfPreference(name, written.Parameters, arms, wrong),
            _ => OfProgram(name, written.Parameters, wrong),
        };
        if (made is not var (grader, signature, grading) || wrong.Count > 0)
        {
            problems.AddRange(wrong.Select(problem => $"{written.Place}: {problem}"));
            return null;
        }

        _graders.Add(grader);
        var isUsual = grading.Direction != MetricDirection.Neither && grading.High - grading.Low <= 1;
        var planned = new PlannedMetric
        {
            Id = name,
            Parameters = new SortedDictionary<string, string>(written.Parameters.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal),
            Signature = signature,
            Grading = grading,
            Margin = written.IsShown ? null : written.Margin ?? (isUsual ? MetricChoice.UsualMargin : null),
            IsRelative = written.IsRelative,
        };
        return (planned, AnswerMetric.Kept(name, signature, grading.Low, grading.High, grading.Direction));
    }

    public void Dispose()
    {
        _pools.ForEach(static pool => pool.Dispose());
        _connections.Dispose();
    }

    private (AnswerGrader, string, PlannedGrading)? OfProgram(string name, IReadOnlyDictionary<string, string> given, List<string> problems)
    {
        // Of its own: all callers of one pool write the same command line.
        var pool = new CommandPool(context.Terminal.Environment("PATH"), context.Terminal.Time, folder);
        _pools.Add(pool);
        var metric = MetricTable.TryCreate(CommandMetric.Row(pool, given) with { Id = name }, given, out var wrong);
        problems.AddRange(wrong);
        return metric is null ? null : (new ScorerGrader(metric), metric.Signature, Meaning(GraderKind.Command, metric.Definition));
    }

    private (AnswerGrader, string, PlannedGrading)? OfEvaluator(string name, IReadOnlyDictionary<string, string> given, List<string> problems)
    {
        if (MetricTable.TryArguments(name, OwnMetrics.OfEvaluator, given, problems) is not { } told)
        {
            return null;
        }

        var file = In(told.Text("assembly"));
        if (!Quantity.TryDuration(told.Text("timeout"), out var limit) || limit < TimeSpan.FromMilliseconds(1) || limit > TimeSpan.FromHours(1))
        {
            problems.Add($"timeout={told.Text("timeout")} is no duration from 1ms to 1h; write for example 1m.");
        }

        if (told.Number("low") >= told.Number("high"))
        {
            problems.Add("low is not below high; write for example low: 0 and high: 1.");
        }

        if (EvaluatorAssembly.TryCreate(file, told.Text("type"), out var problem) is not { } evaluator)
        {
            problems.Add(problem);
            return null;
        }

        var contexts = told.Text("context") is { Length: > 0 } type ? EvaluatorAssembly.TryContext(evaluator, type, out problem) : null;
        if (problem.Length > 0)
        {
            problems.Add(problem);
        }

        if (problems.Count > 0)
        {
            return null;
        }

        try
        {
            var row = EvaluatorMetric.Row(
                evaluator,
                new EvaluatorOptions
                {
                    Id = name, Metric = told.Text("metric"), Summary = "An evaluator of .NET.", Low = told.Number("low"), High = told.Number("high"), Need = MetricNeed.Prediction, Limit = limit,
                    Direction = told.Text("better") switch { "lower" => MetricDirection.LowerIsBetter, "neither" => MetricDirection.Neither, _ => MetricDirection.HigherIsBetter },
                    Prompt = static sample => sample.Prompt ?? "", Contexts = contexts,
                },
                context.Terminal.Time);
            var metric = MetricTable.TryCreate(row, new Dictionary<string, string>(StringComparer.Ordinal), out _)!;
            return (new ScorerGrader(metric), $"{metric.Signature}|{Path.GetFileName(file)}:{Hash(file)}", Meaning(GraderKind.Evaluator, row));
        }
        catch (ArgumentException unlike)
        {
            problems.Add(unlike.Message.Split(" (Parameter")[0]);
            return null;
        }
    }

    private (AnswerGrader, string, PlannedGrading)? OfRubric(string name, IReadOnlyDictionary<string, string> given, IReadOnlyList<ComparedArm> arms, List<string> problems)
    {
        if (MetricTable.TryArguments(name, OwnMetrics.OfRubric, given, problems) is not { } told)
        {
            return null;
        }

        if (!Rubric.TryScale(told.Text("scale"), out var low, out var high))
        {
            problems.Add($"scale={told.Text("scale")} is not two whole numbers, the lower first and at most {Rubric.MostSteps} apart, for example 1-5.");
        }

        var text = Text(In(told.Text("file")), problems);
        if (Judge(name, told.Text("judge"), arms, problems) is not var (judge, named) || text is null || problems.Count > 0)
        {
            return null;
        }

        var rounds = told.Whole("repeats");
        var grader = new RubricGrader(judge, new Rubric(text, low, high), rounds);
        _judged.Add(new Judged(name, judge.Model, 2 * rounds, 1, text.Length + UsualInstructions));
        return (grader, grader.Signature, new PlannedGrading { Kind = GraderKind.Rubric, Low = low, High = high, Judge = named });
    }

    private (AnswerGrader, string, PlannedGrading)? OfPreference(string name, IReadOnlyDictionary<string, string> given, IReadOnlyList<ComparedArm> arms, List<string> problems)
    {
        if (MetricTable.TryArguments(name, OwnMetrics.OfPreference, given, problems) is not { } told || Judge(name, told.Text("judge"), arms, problems) is not var (judge, named))
        {
            return null;
        }

        var rounds = told.Whole("repeats");
        var grader = new PreferenceGrader(judge, rounds);
        _judged.Add(new Judged(name, judge.Model, 2 * rounds, 2, UsualInstructions));
        return (grader, grader.Signature, new PlannedGrading { Kind = GraderKind.Preference, Low = 0, High = 1, Judge = named });
    }

    private (JudgeModel Judge, string Name)? Judge(string metric, string own, IReadOnlyList<ComparedArm> arms, List<string> problems)
    {
        var named = own.Length > 0 ? own : config.Judge;
        if (named is null)
        {
            problems.Add($"{metric} is graded by a model, and none is named; write --judge MODEL, or judge: MODEL in a file.");
            return null;
        }

        if (models.Model("judge", named, "MODEL_MIGRATE_JUDGE_KEY", problems) is not { } found)
        {
            return null;
        }

        if (!config.AllowsSameFamily && JudgeFamily.Refusal(found, [.. arms.Select(static arm => arm.Model)]) is { } refusal)
        {
            problems.Add(refusal);
        }

        if (config.GradingBudget is not null && found.Cost(1, 1) is null)
        {
            problems.Add($"The grading budget cannot be kept: no price is known of {named}. Write inputCostPer1k and outputCostPer1k into the catalog entry, or leave the budget out.");
        }

        return (new JudgeModel(found, Adapters.For(found.Calls[0], _connections, context.Terminal.Time), new JudgeLimits { CallLimit = config.Timeout }, Limit, context.Terminal.Time), named);
    }

    private static PlannedGrading Meaning(GraderKind kind, MetricDefinition row) => new() { Kind = kind, Low = row.Low, High = row.High, Direction = row.Direction };

    private string In(string file) => folder is null ? file : Path.Combine(folder, file);

    private static string? Text(string file, List<string> problems)
    {
        try
        {
            var text = File.ReadAllText(file);
            if (!string.IsNullOrWhiteSpace(text))
            {
                return text;
            }

            problems.Add($"{file} is empty. Write what each grade means.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add($"Cannot read: {unreadable.Message} Name an existing file with the rubric's words.");
        }

        return null;
    }

    private static string Hash(string file) => $"sha256-{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))[..16]}";
}
