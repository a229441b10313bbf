using System.Text.Json;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading;

/// <summary>One answer that a model is asked about.</summary>
/// <param name="Task">The assertion, and its value.</param>
/// <param name="Row">The answer, and what was asked.</param>
/// <param name="Mode">Whose rules.</param>
/// <param name="Judges">The judge that the file names; null where the assertion asks none.</param>
/// <param name="Embeds">The model of embeddings that the file names; null where the assertion asks none.</param>
internal sealed record JudgedAnswer(OutsideTask Task, PromptfooRow Row, PromptfooMode Mode, JudgeModel? Judges, TextEmbedder? Embeds)
{
    public string Answer => Row.Output ?? "";

    public string Prompt => Row.Rendered ?? "";

    /// <summary>What the user asked, where the test has it as a text.</summary>
    public string? Query => Row.Vars.TryGetValue(ContextUnits.Query, out var query) && query.ValueKind == JsonValueKind.String ? query.GetString() : null;

    /// <exception cref="InvalidOperationException">An assertion that asks no judge.</exception>
    public JudgeModel Judge => Judges ?? throw new InvalidOperationException($"'{Task.Assertion.Type}' was read without a judge.");

    /// <exception cref="InvalidOperationException">An assertion that asks for no embeddings.</exception>
    public TextEmbedder Embedder => Embeds ?? throw new InvalidOperationException($"'{Task.Assertion.Type}' was read without a model of embeddings.");
}
