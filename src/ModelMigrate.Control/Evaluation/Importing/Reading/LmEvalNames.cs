using System.Text.RegularExpressions;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Importing.Reading;

/// <summary>How lm-evaluation-harness names files and metrics, and which way those improve that it does not say it of.</summary>
internal static partial class LmEvalNames
{
    public const string NoFilter = "none";

    /// <summary>Metrics between 0 and 1 of which more is better.</summary>
    private static readonly string[] s_shares = ["acc", "acc_norm", "acc_mutual_info", "exact_match", "em", "f1", "mc1", "mc2", "pass@1", "contains", "prompt_level_strict_acc", "prompt_level_loose_acc"];

    private static readonly string[] s_more = ["bleu", "chrf", "rouge1", "rouge2", "rougeL", "rougeLsum", "meteor", "mcc", "bert_score"];

    private static readonly string[] s_less = ["perplexity", "word_perplexity", "byte_perplexity", "bits_per_byte", "ter", "wer", "cer", "mae", "mse", "rmse", "brier_score", "loss"];

    /// <summary><c>task/metric</c>, and <c>task/metric@filter</c> where answers were filtered; without a task where the file does not name it.</summary>
    public static string Id(string task, string metric, string filter) => $"{(task.Length > 0 ? $"{task}/" : "")}{metric}{(filter == NoFilter ? "" : $"@{filter}")}";

    public static string Signature(string id, string? version) => $"lm-eval {id} version {version ?? "unknown"}";

    /// <param name="metric">Its name alone.</param>
    /// <param name="told">What the file says: whether more is better.</param>
    public static MetricDirection Direction(string metric, bool? told) => (told ?? (s_shares.Contains(metric) || s_more.Contains(metric) ? true : s_less.Contains(metric) ? false : null)) switch
    {
        true => MetricDirection.HigherIsBetter,
        false => MetricDirection.LowerIsBetter,
        null => MetricDirection.Neither,
    };

    public static double Range(string metric) => s_shares.Contains(metric) ? 1 : double.PositiveInfinity;

    /// <summary>The task and the time of <c>samples_TASK_TIME.jsonl</c>; empty of a file that was named otherwise.</summary>
    public static (string Task, string Time) OfSamples(string path) =>
        SamplesName().Match(Path.GetFileName(path)) is { Success: true } match ? (match.Groups["task"].Value, match.Groups["time"].Value) : ("", "");

    /// <summary>The time of <c>results_TIME.json</c>, or empty.</summary>
    public static string OfResults(string path) => ResultsName().Match(Path.GetFileName(path)) is { Success: true } match ? match.Groups["time"].Value : "";

    [GeneratedRegex(@"^samples_(?<task>.+)_(?<time>\d{4}-\d\d-\d\dT[\d.:-]+)\.jsonl$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SamplesName();

    [GeneratedRegex(@"^results_(?<time>\d{4}-\d\d-\d\dT[\d.:-]+)\.json$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ResultsName();
}
