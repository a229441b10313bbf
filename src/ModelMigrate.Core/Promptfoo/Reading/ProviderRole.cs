namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>What a provider is named for.</summary>
internal enum ProviderRole
{
    /// <summary>Its answers are graded, and results are told by it.</summary>
    Arm,

    /// <summary>It answers one test in the place of every arm.</summary>
    Test,

    /// <summary>It judges answers.</summary>
    Judge,

    /// <summary>It makes embeddings.</summary>
    Embedder,
}
