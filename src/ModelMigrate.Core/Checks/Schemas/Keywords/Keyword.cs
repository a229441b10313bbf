namespace ModelMigrate.Core.Checks.Schemas.Keywords;

/// <summary>One keyword of a compiled schema.</summary>
/// <param name="Name">As the schema writes it.</param>
/// <param name="Check">Whether an instance meets it.</param>
internal sealed record Keyword(string Name, KeywordCheck Check)
{
    /// <summary>The schemas that it applies to the same place of the document: a circle of them has no end.</summary>
    public IReadOnlyList<SchemaNode> InPlace { get; init; } = [];

    /// <summary>0 for what stands alone, 1 for what asks what other keywords saw.</summary>
    public int Order { get; init; }
}
