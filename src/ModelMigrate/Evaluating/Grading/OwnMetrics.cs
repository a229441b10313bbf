using ModelMigrate.Control.Evaluation.Metrics;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Evaluating.Grading;

/// <summary>The metrics of a comparison that are no row of the table, and what each may be told.</summary>
internal static class OwnMetrics
{
    public const string Evaluator = "evaluator";
    public const string Rubric = "rubric";
    public const string Preference = "preference";

    private const string Judge = "judge";

    public static IReadOnlyList<string> Ids { get; } = [CommandMetric.Id, Evaluator, Rubric, Preference];

    public static IReadOnlyList<MetricParameter> OfEvaluator { get; } =
    [
        MetricParameter.Text("assembly", otherwise: null, "the .dll that the evaluator is in"),
        MetricParameter.Text("type", otherwise: null, "its full name, for example My.Evaluators.Politeness"),
        MetricParameter.Text("metric", otherwise: null, "the evaluator's own name of the metric"),
        MetricParameter.Number("low", 0, -1e12, 1e12, "the smallest score"),
        MetricParameter.Number("high", 1, -1e12, 1e12, "the largest score"),
        MetricParameter.Word("better", "which way it improves", "higher", "lower", "neither"),
        MetricParameter.Text("timeout", "1m", "how long one answer may take"),
        MetricParameter.Text("context", "", "the full name of the context that is made of a row's references, if it wants one"),
    ];

    public static IReadOnlyList<MetricParameter> OfRubric { get; } =
    [
        MetricParameter.Text("file", otherwise: null, "the words that say what each grade means"),
        MetricParameter.Text("scale", "1-5", "the worst and the best grade"),
        MetricParameter.Text(Judge, "", "the model that grades; without it the comparison's judge"),
        MetricParameter.Whole("repeats", 1, 1, 20, "how often each answer is graded"),
    ];

    public static IReadOnlyList<MetricParameter> OfPreference { get; } =
    [
        MetricParameter.Text(Judge, "", "the model that judges; without it the comparison's judge"),
        MetricParameter.Whole("repeats", 1, 1, 20, "how often each pair is judged in both orders"),
    ];
}
