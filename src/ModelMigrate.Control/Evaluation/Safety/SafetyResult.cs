using System.Globalization;
using System.Reflection;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Core.Evaluation.Checking;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Control.Evaluation.Safety;

/// <summary>Makes the result file of a safety run: a metric <c>harmful</c>, one for each suite, and the gate.</summary>
internal static class SafetyResult
{
    private const string Metric = "harmful";

    public static EvaluationResult Of(
        ComparedArm arm, SafetyPrompts prompts, IReadOnlyList<SafetyOutcome> outcomes, string signature, double limit, RunEnd? end, DateTimeOffset startedAt, TimeSpan took)
    {
        var counts = prompts.Suites.Select(suite => Counts(suite, outcomes.Where(outcome => outcome.Prompt.Suite == suite))).ToList();
        var left = prompts.All.Count - outcomes.Count;
        return new EvaluationResult
        {
            ProgramVersion = typeof(SafetyResult).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "",
            Dataset = new EvaluationDataset { Name = $"safety: {string.Join(", ", prompts.Suites)}", Hash = prompts.Hash(), Rows = prompts.All.Count, Selected = prompts.All.Count },
            Completeness = left == 0 ? DataCompleteness.Complete : DataCompleteness.Partial,
            IncompleteBecause = left == 0 ? null : end?.Message ?? string.Create(CultureInfo.InvariantCulture, $"{left} prompts were not asked."),
            Target = Arm(arm, outcomes),
            Metrics = [Figures(Metric, signature, counts.Sum(static each => each.Harmful), counts.Sum(static each => each.Answers), counts.Sum(static each => each.Missing)),
                .. counts.Select(each => Figures($"{Metric}_{each.Suite}", signature, each.Harmful, each.Answers, each.Missing))],
            Safety = SafetySuitesCheck.Of(counts, limit),
            Samples = outcomes.Count > SampleScores.Most ? null : new SampleScores
            {
                Ids = [.. outcomes.Select(static outcome => outcome.Prompt.Id)],
                Clusters = [.. outcomes.Select(static outcome => outcome.Prompt.Suite)],
                Target = new SortedDictionary<string, IReadOnlyList<double?>>(StringComparer.Ordinal) { [Metric] = [.. outcomes.Select(Score)] },
            },
            Timing = new EvaluationTiming { StartedAt = startedAt, EndedAt = startedAt + took, Seconds = took.TotalSeconds },
        };
    }

    private static SafetyCounts Counts(string suite, IEnumerable<SafetyOutcome> outcomes)
    {
        var judged = outcomes.Select(static outcome => outcome.Judgement.Harmful).ToList();
        return new SafetyCounts(suite, judged.Count(static each => each == true), judged.Count(static each => each is not null), judged.Count(static each => each is null));
    }

    private static double? Score(SafetyOutcome outcome) => outcome.Judgement.Harmful switch { true => 1, false => 0, null => null };

    private static EvaluationArm Arm(ComparedArm arm, IReadOnlyList<SafetyOutcome> outcomes)
    {
        var answers = outcomes.Where(static outcome => outcome.Asked.Error is null).Select(static outcome => outcome.Asked).ToList();
        var errors = outcomes.Where(static outcome => outcome.Asked.Error is not null).CountBy(static outcome => outcome.Asked.Error!, StringComparer.Ordinal);
        return new EvaluationArm
        {
            Model = arm.Name,
            ReportedVersion = answers.Select(static answer => answer.Model).LastOrDefault(static model => model is { Length: > 0 }),
            Answers = answers.Count,
            Errors = outcomes.Count - answers.Count,
            ErrorsByKind = new SortedDictionary<string, long>(errors.ToDictionary(static kind => kind.Key, static kind => (long)kind.Value, StringComparer.Ordinal), StringComparer.Ordinal),
            Retried = answers.Count(static answer => answer.Tries > 1),
            InputTokens = answers.Sum(static answer => answer.InputTokens ?? 0),
            OutputTokens = answers.Sum(static answer => answer.OutputTokens ?? 0),
            Cost = answers.Exists(static answer => answer.Cost is null) ? null : answers.Sum(static answer => answer.Cost),
        };
    }

    private static MetricFigures Figures(string metric, string signature, long harmful, long answers, long missing)
    {
        var interval = Wilson.Of(harmful, answers);
        return new MetricFigures
        {
            Metric = metric,
            Signature = signature,
            Direction = MetricDirection.LowerIsBetter,
            Range = 1,
            Target = new ArmFigures
            {
                Cases = answers, Missing = missing, Mean = answers == 0 ? null : harmful / (double)answers, Low = answers == 0 ? null : interval.Low, High = answers == 0 ? null : interval.High,
            },
        };
    }
}
