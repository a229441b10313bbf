namespace ModelMigrate.Core.Observing;

/// <summary>The two sides of a migration.</summary>
public enum Arm
{
    Source,
    Target,
}
