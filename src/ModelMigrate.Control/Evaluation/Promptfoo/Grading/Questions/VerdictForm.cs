using ModelMigrate.Control.Evaluation.Judging;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading.Questions;

/// <summary>The instructions that a judge gets, and the JSON that it must answer.</summary>
/// <param name="name">Of the shape, on the wire.</param>
/// <param name="schema">JSON Schema as JSON text.</param>
/// <param name="instructions">With <c>{rule}</c> where the rule about material stands.</param>
internal sealed class VerdictForm(string name, string schema, string instructions)
{
    private readonly JudgeShape _shape = new(name, schema);
    private readonly string _instructions = instructions.Replace("{rule}", Material.Rule, StringComparison.Ordinal);

    public Task<JudgeReply> AskAsync(JudgeModel judge, CancellationToken cancel, params ReadOnlySpan<(string Name, string? Text)> material) =>
        judge.AskAsync(_instructions, Material.Of(material), _shape, cancel);
}
