namespace ModelMigrate.Tests.Providers.Evaluators;

/// <summary>All that <see cref="RightEvaluator"/> says.</summary>
public sealed record RightResult(IDictionary<string, RightMetric> Metrics);
