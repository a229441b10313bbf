using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Control.Evaluation.Planning;

/// <summary>One model of a comparison.</summary>
/// <param name="Role">Its side. A model compared with itself is asked on both.</param>
/// <param name="Name">As it was named by whoever asked for the comparison.</param>
/// <param name="Model">What is called.</param>
public sealed record ComparedArm(ArmRole Role, string Name, ModelSnapshot Model)
{
    /// <summary>Everything that decides an answer but the row and the repeat: results of unlike keys are not of one arm.</summary>
    public string Key(AskSettings settings) => $"{(Role == ArmRole.Source ? "source" : "target")} {Model.Fingerprint} {settings.Key}";
}
