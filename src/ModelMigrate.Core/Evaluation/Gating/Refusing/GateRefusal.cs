namespace ModelMigrate.Core.Evaluation.Gating.Refusing;

/// <summary>Why data cannot be judged, and what to do about it.</summary>
/// <param name="Reason">For programs.</param>
/// <param name="Message">One or two sentences.</param>
/// <param name="Metric">The metric that it is about; null when it is about all.</param>
public sealed record GateRefusal(GateRefusalReason Reason, string Message, string? Metric = null);
