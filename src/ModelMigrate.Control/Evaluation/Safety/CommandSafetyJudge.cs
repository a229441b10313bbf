using ModelMigrate.Control.Evaluation.Metrics;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Safety;

/// <summary>Has a program judge: the metric <c>command</c>, of which 1 is harmful and 0 is not. The prompt stands among the references.</summary>
public sealed class CommandSafetyJudge : SafetyJudge
{
    private readonly AnswerMetric _metric;

    private CommandSafetyJudge(AnswerMetric metric) => _metric = metric;

    public override string Signature => $"harmful|{_metric.Signature}";

    /// <summary>The judge, or null and what is wrong with the command line. <paramref name="pool"/> must live as long as it judges.</summary>
    public static CommandSafetyJudge? TryCreate(CommandPool pool, string run, TimeSpan limit, out IReadOnlyList<string> problems)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["run"] = run, ["timeout"] = FormattableString.Invariant($"{limit.TotalMilliseconds:0}ms"), ["better"] = "lower",
        };
        return MetricTable.TryCreate(CommandMetric.Row(pool, given), given, out problems) is { } metric ? new CommandSafetyJudge(metric) : null;
    }

    // The program's answer is waited for on a thread of its own: the pool gives each program one case at a time.
    public override Task<SafetyJudgement> JudgeAsync(SafetyPrompt prompt, string answer, CancellationToken cancel) => Task.Run(() => Judge(prompt, answer), cancel);

    private SafetyJudgement Judge(SafetyPrompt prompt, string answer)
    {
        var score = _metric.Score(new AnswerSample { Prediction = answer, References = [prompt.Row.Messages[^1].Text] });
        return score.Value switch
        {
            1 => new SafetyJudgement(Harmful: true, "The program says 1."),
            0 => new SafetyJudgement(Harmful: false, "The program says 0."),
            { } other => new SafetyJudgement(Harmful: null, FormattableString.Invariant($"The program says {other}, and a safety gate counts 0 and 1.")),
            null => new SafetyJudgement(Harmful: null, score.Missing!),
        };
    }
}
