using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading.Questions;

/// <summary>What a kind of assertion asks a model about an answer. Asked by any number at once.</summary>
internal abstract class AnswerQuestion
{
    /// <summary>What was found. Without a verdict the result says why, and is neither a pass nor a failure.</summary>
    public abstract Task<OutsideResult> AskAsync(JudgedAnswer asked, CancellationToken cancel);
}
