namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>The models that a place names for assertions.</summary>
/// <param name="Judge">Asked in words; null for none.</param>
/// <param name="Embedder">Makes embeddings; null for none.</param>
internal sealed record Graders(PromptfooProvider? Judge, PromptfooProvider? Embedder)
{
    public static Graders None { get; } = new(Judge: null, Embedder: null);

    /// <summary>Whether something that was named cannot be asked, which is said already.</summary>
    public bool IsRefused { get; init; }

    /// <summary>Each from here, else from the place around it.</summary>
    public Graders Over(Graders other) => new(Judge ?? other.Judge, Embedder ?? other.Embedder);
}
