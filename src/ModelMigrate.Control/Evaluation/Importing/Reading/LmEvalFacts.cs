using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Evaluation.Gating.Refusing;

namespace ModelMigrate.Control.Evaluation.Importing.Reading;

/// <summary>What a results file of lm-evaluation-harness says beside its figures.</summary>
/// <param name="root">The file; null for none.</param>
internal sealed class LmEvalFacts(JsonElement? root)
{
    public const string Tool = "lm-eval";
    public const string CasesRemedy = "Run lm_eval with --log_samples, and give its results file with the samples files beside it, or one samples_TASK_TIME.jsonl of each run.";

    /// <summary>Groups of groups, at most: a broken file may name a group as its own part.</summary>
    private const int MostNested = 8;

    public static LmEvalFacts None { get; } = new(root: null);

    /// <summary>Older files name no version of the harness.</summary>
    public string? ToolVersion => root?.Text("lm_eval_version");

    /// <summary>Its own name for it, else what it was started with; null when it says neither.</summary>
    public string? Model => root is not { } file ? null
        : file.Text("model_name") is { Length: > 0 } name ? name
        : file.Text("config", "model_args", "pretrained") ?? file.Text("config", "model_args", "model") ?? Argument(file.Text("config", "model_args")) ?? file.Text("config", "model");

    public string? Version(string task) => root?.At("versions", task).Shown();

    public string? Shots(string task) => root?.At("n-shot", task).Shown();

    /// <summary>Null when it does not say.</summary>
    public bool? IsMoreBetter(string task, string metric) => root?.At("higher_is_better", task, metric)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>How many documents were asked; of a group those of its tasks. Null when it does not say.</summary>
    public long? Asked(string task) => Asked(task, depth: 0);

    private long? Asked(string task, int depth) => root?.At("n-samples", task, "effective").Score() is { } asked ? (long)asked
        : root?.At("group_subtasks", task) is { ValueKind: JsonValueKind.Array } tasks && tasks.GetArrayLength() > 0
        ? tasks.EnumerateArray().Select(each => each.ValueKind == JsonValueKind.String && depth < MostNested ? Asked(each.GetString()!, depth + 1) : null).Aggregate((long?)0, static (sum, each) => sum + each)
        : null;

    /// <summary>Whether so many documents of a task are all that were asked: a samples file may have lost some.</summary>
    public string? Lost(string task, int documents) => root?.At("n-samples", task, "effective").Score() is { } asked && documents < asked
        ? string.Create(CultureInfo.InvariantCulture, $"{task} was asked {asked} documents, and its samples file holds {documents}.")
        : null;

    /// <summary>Whether all documents of these tasks were asked. A run with --limit looks whole but for this.</summary>
    public (DataCompleteness Completeness, string? Because) Completeness(IEnumerable<string> tasks)
    {
        foreach (var task in tasks)
        {
            if (root?.At("n-samples", task, "effective").Score() is { } asked && root?.At("n-samples", task, "original").Score() is { } all && asked < all)
            {
                return (DataCompleteness.Limited, string.Create(CultureInfo.InvariantCulture, $"{task} was asked {asked} of its {all} documents."));
            }
        }

        return (DataCompleteness.Complete, null);
    }

    /// <summary>Of <c>pretrained=NAME,dtype=…</c>, as the command line has it.</summary>
    private static string? Argument(string? arguments) => arguments?.Split(',').Select(static part => part.Split('=', 2))
        .FirstOrDefault(static part => part is ["pretrained" or "model", _])?[1];
}
