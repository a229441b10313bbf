namespace ModelMigrate.Core.Catalog;

/// <summary>
/// Where a provider has what is not chat. A path goes on from the base address; one that begins with <c>//</c> goes on from the
/// server's root. Null says that there is none.
/// </summary>
public sealed record ProviderPaths
{
    /// <summary>Answers a success while it serves.</summary>
    public string? Health { get; init; }

    /// <summary>Lists its models, or describes the only one.</summary>
    public string? Models { get; init; }

    /// <summary>Takes speech and answers its text.</summary>
    public string? Transcriptions { get; init; }

    /// <summary>Takes speech and answers English text.</summary>
    public string? SpeechTranslations { get; init; }

    /// <summary>The forms of a transcription that it can answer in, parted by spaces; null for all that the protocol has.</summary>
    public string? SpeechFormats { get; init; }
}
