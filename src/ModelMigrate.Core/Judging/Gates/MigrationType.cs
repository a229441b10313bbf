namespace ModelMigrate.Core.Judging.Gates;

/// <summary>What a migration carries, or what it changes: picks the gates of one that names none.</summary>
public enum MigrationType
{
    /// <summary>Chat completions of any kind; what a migration is that says nothing.</summary>
    Chat,

    /// <summary>Answers that programs read.</summary>
    Structured,

    Embeddings,

    /// <summary>Speech to text.</summary>
    Audio,

    /// <summary>The same model, a new version.</summary>
    VersionUpgrade,

    /// <summary>Another provider.</summary>
    ProviderSwitch,

    /// <summary>Another architecture.</summary>
    ArchitectureChange,

    /// <summary>The same model in another precision.</summary>
    Quantization,

    /// <summary>From a base model to one tuned on it.</summary>
    FineTuned,

    /// <summary>Several models to one.</summary>
    Consolidation,
}
