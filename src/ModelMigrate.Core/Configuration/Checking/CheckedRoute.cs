namespace ModelMigrate.Core.Configuration.Checking;

/// <summary>One route as the file declares it.</summary>
public sealed record CheckedRoute(string Id, string Model, string Provider, IReadOnlyList<string> Fallback, string? LargerContext, string? Resumes);
