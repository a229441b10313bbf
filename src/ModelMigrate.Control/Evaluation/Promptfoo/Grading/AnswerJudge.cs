using System.Collections.Concurrent;
using System.Text.Json;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading;

/// <summary>Has the models that a configuration names judge answers. What that costs is kept apart from what the answers cost. Asked by any number at once.</summary>
internal sealed class AnswerJudge(ProviderConnections connections, RunOptions options, TimeProvider time)
{
    private const int MostTokens = 2048;

    private static readonly Question s_rubric = new(
        "grade",
        """{"type":"object","properties":{"reason":{"type":"string"},"pass":{"type":"boolean"},"score":{"type":"number"}},"required":["reason","pass","score"],"additionalProperties":false}""",
        """
        You grade one answer by a rubric and nothing else. {rule}

        "rubric" is what an answer must do, "answer" is what you grade.
        Answer with one JSON object: "reason", a sentence or two that name what of the rubric is met and what is not, then "pass", whether the rubric is met, and
        "score", from 0, nothing of it is met, to 1, all of it is.
        """);

    private static readonly Question s_criterion = new(
        "criterion",
        """{"type":"object","properties":{"reason":{"type":"string"},"meets":{"type":"boolean"}},"required":["reason","meets"],"additionalProperties":false}""",
        """
        You say whether one answer meets one criterion. {rule}

        "request" is what was asked, "criterion" is what an answer must meet, "answer" is what you judge.
        Answer with one JSON object: "reason", a sentence or two, and then "meets", true only when the criterion is met.
        """);

    private static readonly Question s_facts = new(
        "facts",
        """{"type":"object","properties":{"reason":{"type":"string"},"relation":{"type":"string","enum":["subset","superset","same","contradicts","differs_not_in_facts"]}},"required":["reason","relation"],"additionalProperties":false}""",
        """
        You compare what an answer says with what experts say, in facts alone: style, grammar and punctuation do not count. {rule}

        "request" is what was asked, "expert" is what is true, "answer" is what you compare with it.
        Answer with one JSON object: "reason", a sentence or two, and then "relation": subset when the answer says a part of it and contradicts none, superset when
        it says all of it and more and contradicts none, same when it says the same, contradicts when anything in it contradicts the expert, differs_not_in_facts
        when the differences do not matter for facts.
        """);

    private readonly ConcurrentDictionary<PromptfooProvider, JudgeModel> _judges = new();

    /// <summary>What judging did cost so far, by judge.</summary>
    public IReadOnlyList<(PromptfooProvider Judge, JudgeCost Cost)> Costs => [.. _judges.Select(static pair => (pair.Key, pair.Value.Usage.Cost))];

    public async Task<OutsideResult> AskAsync(OutsideTask task, string prompt, string answer, CancellationToken cancel)
    {
        var provider = task.Assertion.Judge!;
        var judge = _judges.GetOrAdd(provider, Judge);
        var (question, criterion) = task.Assertion.Needs switch
        {
            OutsideKind.Rubric => (s_rubric, "rubric"),
            OutsideKind.Criterion => (s_criterion, "criterion"),
            OutsideKind.Facts => (s_facts, "expert"),
            OutsideKind.None or OutsideKind.Script => throw new ArgumentOutOfRangeException(nameof(task), "No model judges it."),
        };
        var material = Material.Of(("request", question == s_rubric ? null : prompt), (criterion, task.Value), ("answer", answer));
        var reply = await judge.AskAsync(question.Instructions, material, question.Shape, cancel);
        return reply.Verdict is { } verdict ? Result(verdict, task.Assertion.Threshold) : new OutsideResult { Missing = reply.Why };
    }

    private static OutsideResult Result(JsonElement verdict, double? threshold)
    {
        var reason = verdict.GetProperty("reason").GetString()!;
        if (verdict.TryGetProperty("meets", out var meets))
        {
            return new OutsideResult { Pass = meets.GetBoolean(), Reason = reason };
        }

        if (verdict.TryGetProperty("relation", out var relation))
        {
            return new OutsideResult { Pass = relation.GetString() != "contradicts", Reason = $"{reason} ({relation.GetString()})" };
        }

        var score = verdict.GetProperty("score").GetDouble();
        return score is < 0 or > 1 ? new OutsideResult { Missing = "The judge gave a score that is not from 0 to 1." }
            : new OutsideResult { Pass = verdict.GetProperty("pass").GetBoolean() && !(score < threshold), Score = score, TurnsScore = true, Reason = reason };
    }

    private JudgeModel Judge(PromptfooProvider provider)
    {
        var model = PromptfooModel.Of(provider);
        return new JudgeModel(
            model, Adapters.For(model.Calls[0], connections, time), new JudgeLimits { MaxTokens = provider.MaxTokens ?? MostTokens, CallLimit = options.Timeout, Tries = options.Retries + 1 }, time);
    }

    private sealed class Question(string name, string schema, string instructions)
    {
        public JudgeShape Shape { get; } = new(name, schema);

        public string Instructions { get; } = instructions.Replace("{rule}", Material.Rule, StringComparison.Ordinal);
    }
}
