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

    /// <summary>A model that works out steps of a criterion, and scores by them.</summary>
    Steps = 7,

    /// <summary>A model that finds the statements of a text in the context.</summary>
    Recall = 8,

    /// <summary>A model that finds what of the context is needed.</summary>
    Relevance = 9,

    /// <summary>A model that finds the statements of an answer in the context.</summary>
    Faithfulness = 10,

    /// <summary>A model that guesses what was asked, and one of embeddings that compares.</summary>
    AnswerRelevance = 11,
}
