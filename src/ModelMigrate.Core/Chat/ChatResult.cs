namespace ModelMigrate.Core.Chat;

/// <summary>A whole answer.</summary>
public sealed record ChatResult
{
    /// <summary>The provider's id of the answer.</summary>
    public required string Id { get; init; }

    /// <summary>The model version that the provider reports.</summary>
    public required string Model { get; init; }

    public required string Text { get; init; }

    public required FinishReason Finish { get; init; }

    public Usage? Usage { get; init; }
}
