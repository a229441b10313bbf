namespace ModelMigrate.Core.Api;

/// <summary>What an operator asks of a migration: the body of every verb and of <c>POST /api/v1/rollback</c>.</summary>
public sealed record ActionRequest
{
    /// <summary>Required by <c>POST /api/v1/rollback</c>; the other paths name the migration themselves.</summary>
    public string? MigrationId { get; init; }

    /// <summary>Written to the journal; at most 1,000 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>Who asks, for the journal; <c>operator</c> when absent.</summary>
    public string? Actor { get; init; }
}
