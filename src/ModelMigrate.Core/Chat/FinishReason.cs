namespace ModelMigrate.Core.Chat;

/// <summary>Why an answer ended.</summary>
public enum FinishReason
{
    /// <summary>The model was done, or met a stop text.</summary>
    Stop,

    /// <summary>The token limit was reached.</summary>
    Length,

    /// <summary>The provider withheld the rest.</summary>
    ContentFilter,
}
