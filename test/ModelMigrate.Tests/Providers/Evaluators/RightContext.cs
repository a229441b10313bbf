namespace ModelMigrate.Tests.Providers.Evaluators;

/// <summary>What <see cref="RightEvaluator"/> reads beside the answer.</summary>
public sealed class RightContext(IEnumerable<string> references)
{
    public IReadOnlyList<string> References { get; } = [.. references];
}
