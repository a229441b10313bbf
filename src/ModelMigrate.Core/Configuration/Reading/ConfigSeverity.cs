namespace ModelMigrate.Core.Configuration.Reading;

/// <summary>Whether a problem keeps the configuration from being used.</summary>
public enum ConfigSeverity
{
    Warning,
    Error,
}
