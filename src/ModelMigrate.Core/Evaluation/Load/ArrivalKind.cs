namespace ModelMigrate.Core.Evaluation.Load;

/// <summary>How requests come, independent of what became of those before.</summary>
public enum ArrivalKind
{
    /// <summary>As from many people who know nothing of each other.</summary>
    Poisson = 0,

    /// <summary>Evenly.</summary>
    Constant = 1,
}
