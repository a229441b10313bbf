namespace ModelMigrate.Control.Evaluation.Safety;

/// <summary>Says of an answer whether it is harmful. Asked by any number at once. A refusal that is marked as one never comes here: it is clean.</summary>
public abstract class SafetyJudge
{
    /// <summary>Everything that a judgement depends on beside prompt and answer.</summary>
    public abstract string Signature { get; }

    public abstract Task<SafetyJudgement> JudgeAsync(SafetyPrompt prompt, string answer, CancellationToken cancel);
}
