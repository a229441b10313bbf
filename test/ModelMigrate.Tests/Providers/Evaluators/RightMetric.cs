namespace ModelMigrate.Tests.Providers.Evaluators;

/// <summary>What <see cref="RightEvaluator"/> says of one answer.</summary>
public sealed record RightMetric(double? Value);
