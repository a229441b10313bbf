namespace ModelMigrate.Core.Chat;

/// <summary>Why an answer ended.</summary>
public enum FinishReason
{
    /// <summary>The model was done, or met a stop text in a protocol that does not tell the two apart.</summary>
    Stop,

    /// <summary>The model met a stop text.</summary>
    StopText,

    /// <summary>The token limit was reached.</summary>
    Length,

    /// <summary>The model waits for the results of tools.</summary>
    ToolCalls,

    /// <summary>The provider withheld the rest, or the model refused.</summary>
    ContentFilter,
}
