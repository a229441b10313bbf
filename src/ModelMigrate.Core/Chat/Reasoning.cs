namespace ModelMigrate.Core.Chat;

/// <summary>How much a model shall think before it answers.</summary>
/// <param name="Effort">In words.</param>
/// <param name="Budget">In tokens, where the client gave a number.</param>
public sealed record Reasoning(ReasoningEffort Effort, int? Budget = null);
