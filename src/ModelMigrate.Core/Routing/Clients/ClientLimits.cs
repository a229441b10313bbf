namespace ModelMigrate.Core.Routing.Clients;

/// <summary>How fast one client may call. Null for no limit.</summary>
public sealed record ClientLimits
{
    public static ClientLimits None { get; } = new();

    /// <summary>Requests in any 60 seconds.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Input and output tokens in any 60 seconds.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>Requests at once.</summary>
    public int? MaxConcurrent { get; init; }
}
