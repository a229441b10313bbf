using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading;

/// <summary>Compares the rows of one test when all of them are graded. Rows that are errors have nothing to compare.</summary>
internal sealed class RowComparison(AnswerJudge judge, PromptfooMode mode)
{
    public async Task<IReadOnlyList<PromptfooRow>> OfAsync(IReadOnlyList<PromptfooRow> rows, CancellationToken cancel)
    {
        var (test, vars) = (rows[0].Test, rows[0].Vars);
        var able = rows.Where(static row => row is { Error: null, Grade: not null }).ToList();
        if (!test.Compares || able.Count == 0)
        {
            return rows;
        }

        var found = new List<(PromptfooAssertion Assertion, IReadOnlyList<OutsideResult> Results)>();
        foreach (var (task, fault) in Grader.Comparisons(test, vars, mode))
        {
            found.Add((task.Assertion, fault.Length > 0 ? Lacking(able, fault)
                : able.Count < 2 ? Lacking(able, "the other rows of the test are errors, so there is nothing to compare with.")
                : task.Assertion.Judge is null ? MaxScore.Of(task, [.. able.Select(static row => row.Grade!)])
                : await judge.BestAsync(task, able, mode, cancel)));
        }

        var compared = new Queue<PromptfooRow>(able.Select((row, i) => Of(row, [.. found.Select(each => (each.Assertion, each.Results[i]))])));
        return [.. rows.Select(row => row is { Error: null, Grade: not null } ? compared.Dequeue() : row)];
    }

    private PromptfooRow Of(PromptfooRow row, IReadOnlyList<(PromptfooAssertion Assertion, OutsideResult Result)> compared)
    {
        var grade = ComparedGrade.Of(row.Test, row.Vars, row.Answer, mode, row.Grade!, row.Outside, compared, row.Transformed);
        return row with { Grade = grade, Error = grade.Error };
    }

    private static IReadOnlyList<OutsideResult> Lacking(List<PromptfooRow> rows, string why) => [.. rows.Select(_ => new OutsideResult { Missing = why })];
}
