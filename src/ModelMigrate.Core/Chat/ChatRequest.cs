namespace ModelMigrate.Core.Chat;

/// <summary>A chat request in no provider's protocol: every protocol is read into it and written from it.</summary>
public sealed record ChatRequest
{
    /// <summary>Instructions of the application, in order; empty for none.</summary>
    public IReadOnlyList<string> System { get; init; } = [];

    /// <summary>The conversation, oldest first.</summary>
    public required IReadOnlyList<ChatTurn> Turns { get; init; }

    /// <summary>Texts that end the answer, without being part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>The longest answer in tokens, or null for the model's own limit.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>0 to 2; an adapter clamps it to what its provider takes.</summary>
    public double? Temperature { get; init; }

    /// <summary>0 to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>The application's name for its user, or null.</summary>
    public string? User { get; init; }
}
