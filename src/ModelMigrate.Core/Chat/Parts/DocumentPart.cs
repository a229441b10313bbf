namespace ModelMigrate.Core.Chat.Parts;

/// <summary>A document: by its bytes, or as plain text.</summary>
public sealed record DocumentPart : ChatPart
{
    /// <summary>For example <c>application/pdf</c>; with <see cref="Data"/>.</summary>
    public string? MediaType { get; init; }

    /// <summary>The bytes in base64, or null when <see cref="Text"/> holds it.</summary>
    public JsonText? Data { get; init; }

    public string? Text { get; init; }

    /// <summary>Its name, or null.</summary>
    public string? Title { get; init; }
}
