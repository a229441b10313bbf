namespace ModelMigrate.Core.Promptfoo.Asserting.Outside;

/// <summary>What an assertion needs beside the answer.</summary>
public enum OutsideKind
{
    None = 0,

    /// <summary>A program of the configuration's, run by node or python3.</summary>
    Script = 1,

    /// <summary>A model that grades by a rubric.</summary>
    Rubric = 2,

    /// <summary>A model that says whether a criterion is met.</summary>
    Criterion = 3,

    /// <summary>A model that compares facts.</summary>
    Facts = 4,

    /// <summary>A model of embeddings, for how near texts are.</summary>
    Similarity = 5,

    /// <summary>An address that the configuration names.</summary>
    Webhook = 6,
}
