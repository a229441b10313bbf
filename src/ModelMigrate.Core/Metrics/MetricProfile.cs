namespace ModelMigrate.Core.Metrics;

/// <summary>Which list of metrics an id is looked up in.</summary>
public enum MetricProfile
{
    /// <summary><c>standard-v1</c>: the definitions that the field uses.</summary>
    Standard = 0,

    /// <summary><c>documents-v1</c>: the simple formulas of the migration guide, for whoever verifies against them.</summary>
    Documents = 1,
}
