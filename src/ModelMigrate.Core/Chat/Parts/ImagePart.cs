namespace ModelMigrate.Core.Chat.Parts;

/// <summary>A picture: by address, or by its bytes.</summary>
public sealed record ImagePart : ChatPart
{
    /// <summary>Where the provider finds it, or null when <see cref="Data"/> holds it.</summary>
    public string? Url { get; init; }

    /// <summary>For example <c>image/png</c>; with <see cref="Data"/>.</summary>
    public string? MediaType { get; init; }

    /// <summary>The bytes in base64.</summary>
    public JsonText? Data { get; init; }

    /// <summary>How closely to look: <c>low</c>, <c>high</c>, <c>auto</c>, or null.</summary>
    public string? Detail { get; init; }
}
