using Microsoft.AspNetCore.Http;

namespace ModelMigrate.Control.Api;

/// <summary>Why an admin call is not answered with what it asked for.</summary>
/// <param name="Status">HTTP.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Detail">What is wrong and what to do, for people.</param>
internal sealed record Refusal(int Status, string Code, string Detail)
{
    /// <summary>All mistakes of a body.</summary>
    public IReadOnlyList<string>? Errors { get; init; }

    public static Refusal UnknownMigration(string id) => new(
        StatusCodes.Status404NotFound, "migration_not_found", $"There is no migration '{id}'. List them with: model-migrate migrations list");
}
