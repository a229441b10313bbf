namespace ModelMigrate.Core.Promptfoo.Asserting.Outside;

/// <summary>How two embeddings are compared.</summary>
public enum SimilarityMetric
{
    /// <summary>The cosine of their angle, from -1 to 1; 0 where one of them is all zeroes.</summary>
    Cosine = 0,

    /// <summary>The sum of the products of their numbers.</summary>
    Dot = 1,

    /// <summary>The length of their difference: less is nearer.</summary>
    Euclidean = 2,
}
