namespace ModelMigrate.Core.Routing.Policies;

/// <summary>How much of a request's provenance its response headers show.</summary>
public enum ResponseHeadersMode
{
    /// <summary>Route, model, arm, migration, snapshot revision and request id.</summary>
    Full,

    /// <summary>Only the request id.</summary>
    Id,

    None,
}
