using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Core.Chat.Tools;

/// <summary>A function that the model may ask for.</summary>
public sealed record ChatTool
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>The JSON Schema of the arguments as JSON text, or null for none.</summary>
    public string? Schema { get; init; }

    /// <summary>Whether the arguments must follow the schema, by the provider's own doing.</summary>
    public bool Strict { get; init; }

    public CacheMark? Cache { get; init; }

    /// <summary>A tool that only one protocol has a word for, such as one that the provider itself runs; null for a function.</summary>
    public ForeignPart? Foreign { get; init; }
}
