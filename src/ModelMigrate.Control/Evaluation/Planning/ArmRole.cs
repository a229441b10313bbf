namespace ModelMigrate.Control.Evaluation.Planning;

/// <summary>Which side of a comparison a model stands on.</summary>
public enum ArmRole
{
    Source = 0,

    Target = 1,
}
