namespace ModelMigrate.Core.Configuration;

/// <summary>Who starts a declared migration.</summary>
public enum MigrationStart
{
    /// <summary>An operator, with <c>migrations start</c>.</summary>
    Manual,

    /// <summary>The controller, as soon as it knows of it.</summary>
    Auto,
}
