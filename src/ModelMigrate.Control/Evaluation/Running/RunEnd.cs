namespace ModelMigrate.Control.Evaluation.Running;

/// <summary>How a run ended.</summary>
/// <param name="Kind">In one word.</param>
/// <param name="Message">What happened and what to do; empty when all was asked.</param>
public sealed record RunEnd(RunEndKind Kind, string Message)
{
    public static RunEnd Whole { get; } = new(RunEndKind.Whole, "");
}
