namespace ModelMigrate.Core.Chat.Tools;

/// <summary>The shape that the answer's text must have: any JSON object, or what a schema allows.</summary>
public sealed record AnswerFormat
{
    /// <summary>The schema's name; the OpenAI protocol demands one.</summary>
    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>JSON Schema as JSON text; null for any JSON object.</summary>
    public string? Schema { get; init; }

    /// <summary>Whether the provider itself must hold the answer to the schema.</summary>
    public bool Strict { get; init; }
}
