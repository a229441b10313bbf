using System.Globalization;

namespace ModelMigrate.Control.Evaluation.Judging.Rubrics;

/// <summary>Grades one answer by a rubric. The judge sees no model's name.</summary>
/// <param name="judge">Who is asked.</param>
/// <param name="rubric">By what.</param>
/// <param name="rounds">How often each answer is graded; the grades are averaged.</param>
public sealed class RubricJudge(JudgeModel judge, Rubric rubric, int rounds = 1)
{
    /// <summary>Raised whenever the same judge could say something else of the same answer.</summary>
    private const int Version = 1;

    private readonly string _instructions = string.Create(CultureInfo.InvariantCulture, $$"""
        You grade one answer to one request, from {{rubric.Low}}, the worst, to {{rubric.High}}, the best, by this rubric and nothing else:

        {{rubric.Text.Trim()}}

        {{Material.Rule}}

        "request" is what was asked, "answer" is what you grade, and "reference", where there is one, is what a right answer says.
        Answer with one JSON object: "reason", a sentence or two that name what of the rubric is met and what is not, and then "score", the whole number that follows.
        """);

    // Whole numbers by name: not every provider that holds a model to a schema knows its minimum.
    private readonly JudgeShape _shape = new("grade", $$$"""
        {"type":"object","properties":{"reason":{"type":"string"},"score":{"type":"integer","enum":[{{{string.Join(',', Enumerable.Range(rubric.Low, rubric.High - rubric.Low + 1))}}}]}},"required":["reason","score"],"additionalProperties":false}
        """);

    /// <summary>Everything that the grades depend on beside the answers.</summary>
    public string Signature => string.Create(
        CultureInfo.InvariantCulture,
        $"rubric|judge:{judge.Model.Name}|rubric:{Material.Hash(rubric.Text)}|scale:{rubric.Low}-{rubric.High}|rounds:{rounds}|temperature:0|prompt:{Material.Hash(_instructions)}|version:{Version}");

    public async Task<RubricOutcome> JudgeAsync(RubricCase answer, CancellationToken cancellation)
    {
        var material = Material.Of(("request", answer.Prompt), ("answer", answer.Answer), ("reference", answer.Reference));
        var (grades, reasons) = (new List<int>(), new List<string>());
        var last = JudgeReply.Without(JudgeFailure.None, "");
        for (var round = 0; round < rounds && last.Failure != JudgeFailure.CostLimit; round++)
        {
            var reply = await judge.AskAsync(_instructions, material, _shape, cancellation);
            if (reply.Verdict is { } verdict)
            {
                // 4.0 is a whole number too.
                grades.Add((int)verdict.GetProperty("score").GetDouble());
                reasons.Add(verdict.GetProperty("reason").GetString()!);
            }
            else
            {
                last = reply;
            }
        }

        return new RubricOutcome(grades, reasons, last.Failure, grades.Count == 0 ? last.Why : null);
    }
}
