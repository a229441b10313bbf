namespace ModelMigrate.Core.Chat;

/// <summary>Levels of thinking, in rising order.</summary>
public enum ReasoningEffort
{
    None,
    Minimal,
    Low,
    Medium,
    High,
    XHigh,
    Max,
}
