namespace ModelMigrate.Control.Evaluation.Importing.Matching;

/// <summary>Why a case has no pair.</summary>
public enum LeftOverReason
{
    /// <summary>The other run has nothing of it.</summary>
    NotThere = 0,

    /// <summary>The other run asked the same with another prompt.</summary>
    OtherPrompt = 1,

    /// <summary>The other run asked the same and held the answer against something else.</summary>
    OtherChecks = 2,
}
