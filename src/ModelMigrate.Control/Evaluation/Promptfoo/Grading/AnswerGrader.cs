using System.Text.Json.Nodes;
using ModelMigrate.Control.Evaluation.Promptfoo.Scripts;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading;

/// <summary>Holds the answer of a row against its test, with the programs, judges and addresses that its assertions need. Asked by any number at once.</summary>
/// <param name="mode">By whose rules.</param>
/// <param name="judge">Asks the models that judge.</param>
/// <param name="webhooks">Asks the addresses.</param>
/// <param name="scripts">Runs the programs; null when there are none.</param>
internal sealed class AnswerGrader(PromptfooMode mode, AnswerJudge judge, WebhookCaller webhooks, ScriptPool? scripts)
{
    private readonly AnswerTransforms _transforms = new(scripts);

    /// <summary>Whether the grade is known without waiting for a program or for somebody else's answer.</summary>
    public static bool IsAtOnce(PromptfooRow row) =>
        row.Provider.Transform?.Script is null && !row.Test.Compares && !row.Test.Scripts.Any()
        && row.Test.Asserts.All(static each => each.IsSet ? each.Set.All(static one => one.Needs == OutsideKind.None) : each.Needs == OutsideKind.None);

    /// <summary>The row with its grade, or with why there is none.</summary>
    public async Task<PromptfooRow> GradedAsync(PromptfooRow row, CancellationToken cancel)
    {
        row = await _transforms.OfAsync(row, cancel);
        if (row.Error is not null)
        {
            return row;
        }

        var transformed = await _transforms.OfAssertionsAsync(row, cancel);
        Dictionary<PromptfooAssertion, OutsideResult>? found = null;
        foreach (var task in Grader.Outside(row.Test, row.Vars))
        {
            var answer = row.Answer;
            if (transformed is not null && transformed.TryGetValue(task.Assertion, out var own))
            {
                if (own.Answer is null)
                {
                    continue;
                }

                answer = own.Answer;
            }

            var (asked, fault) = await _transforms.OfContextAsync(task.Assertion, row, cancel);
            found ??= new Dictionary<PromptfooAssertion, OutsideResult>(ReferenceEqualityComparer.Instance);
            found[task.Assertion] = fault.Length > 0 ? new OutsideResult { Missing = fault } : task.Assertion.Needs == OutsideKind.Webhook ? await webhooks.AskAsync(task, ScriptContext.Output(answer), new JsonObject { ["prompt"] = row.Rendered, ["vars"] = ScriptContext.Group(row.Vars) }, cancel)
                : task.Assertion.Needs != OutsideKind.Script ? await judge.AskAsync(task, asked with { Output = answer.Output, Value = answer.Value }, mode, cancel)
                : scripts is null ? new OutsideResult { Missing = "Scripts are not run here." }
                : await scripts.CallAsync(task.Assertion.Script!, task.Value, task.Assertion.Threshold, ScriptContext.Output(answer), ScriptContext.Of(row, task.Assertion), cancel);
        }

        var grade = Grader.Of(row.Test, row.Vars, row.Answer, mode, found, transformed);
        grade = row.Test is { Scoring: not null, Asserts.Count: > 0 } && grade.Error is null ? await ScoredAsync(row, grade, cancel) : grade;
        return row with { Grade = grade, Error = grade.Error, Outside = row.Test.Compares ? found : null, Transformed = row.Test.Compares ? transformed : null };
    }

    /// <summary>What the test's own function makes of the scores. One that throws fails the row, as in promptfoo; one that does not end is an error.</summary>
    private async Task<Grade> ScoredAsync(PromptfooRow row, Grade grade, CancellationToken cancel)
    {
        var names = new JsonObject(grade.NamedScores.Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        var result = scripts is null ? new OutsideResult { Missing = "Scripts are not run here." } : await scripts.SumAsync(row.Test.Scoring!, names, ScriptContext.Of(row, grade), cancel);
        return result.Missing is { } missing ? grade with { Pass = false, Error = $"assertScoringFunction: {missing}" }
            : result.Broken is { } broken ? grade with { Pass = false, Score = 0, Reason = $"assertScoringFunction: {broken}" }
            : grade with { Pass = result.Pass == true, Score = result.Score ?? 0, Reason = result.Reason, NamedScores = result.NamedScores.Count > 0 ? result.NamedScores : grade.NamedScores };
    }
}
