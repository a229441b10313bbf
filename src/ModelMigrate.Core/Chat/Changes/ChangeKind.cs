namespace ModelMigrate.Core.Chat.Changes;

/// <summary>What became of a request field that the model's protocol, or the model, has no exact word for.</summary>
public enum ChangeKind
{
    /// <summary>Left out.</summary>
    Dropped,

    /// <summary>Sent with the nearest value that the model takes.</summary>
    Clamped,

    /// <summary>Sent as something else that means nearly the same.</summary>
    Renamed,
}
