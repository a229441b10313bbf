namespace ModelMigrate.Control.Evaluation.Running;

/// <summary>Why a run asks no more.</summary>
public enum RunEndKind
{
    /// <summary>All of its rows are asked.</summary>
    Whole = 0,

    /// <summary>The budget does not reach for another row.</summary>
    Budget = 1,

    /// <summary>A model cannot be reached, or refuses everything.</summary>
    Unreachable = 2,

    /// <summary>The results cannot be written.</summary>
    Store = 3,

    /// <summary>The data is not what it was when the run began.</summary>
    Dataset = 4,
}
