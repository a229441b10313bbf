namespace ModelMigrate.Core.Catalog;

/// <summary>What a provider of the chat completions protocol does otherwise than OpenAI. Compared by value: a reload keeps its connections.</summary>
public sealed record ProviderQuirks
{
    public static ProviderQuirks None { get; } = new();

    /// <summary>Its name for <c>seed</c>.</summary>
    public string Seed { get; init => field = value ?? "seed"; } = "seed";

    /// <summary>Whether any JSON object is asked for by a schema, because it refuses <c>json_object</c>.</summary>
    public bool JsonObjectBySchema { get; init; }

    /// <summary>Whether ids of tool calls have exactly nine letters and digits, and others are refused.</summary>
    public bool ShortCallIds { get; init; }
}
