using ModelMigrate.Core.Promptfoo.Asserting.Outside;
using ModelMigrate.Core.Promptfoo.Asserting.Values;

namespace ModelMigrate.Core.Promptfoo.Asserting;

/// <summary>A type of assertion that is run here.</summary>
/// <param name="Id">As written in a configuration, without <c>not-</c>.</param>
/// <param name="Summary">One sentence for the guide.</param>
/// <param name="Takes">What its value may be.</param>
/// <param name="Find">What it finds in an answer.</param>
internal sealed record AssertionType(string Id, string Summary, ValueShape Takes, Func<AssertionInput, Finding> Find)
{
    /// <summary>What of a score is enough when the file does not say; null where no score decides.</summary>
    public double? DefaultThreshold { get; init; }

    /// <summary>What a model must be asked first; of kind none where none is.</summary>
    public OutsideKind Judge { get; init; }

    /// <summary>Whether a model of texts is asked.</summary>
    public bool NeedsJudge { get; init; }

    /// <summary>Whether a model of embeddings is asked.</summary>
    public bool NeedsEmbedder { get; init; }

    /// <summary>Whether it compares the rows of one test, once all of them are graded.</summary>
    public bool Compares { get; init; }

    /// <summary>Variables that a test with it must have, as texts.</summary>
    public IReadOnlyList<string> NeedsVars { get; init; } = [];

    /// <summary>Whether it looks at what was retrieved for the answer.</summary>
    public bool ReadsContext => Judge is OutsideKind.Recall or OutsideKind.Relevance or OutsideKind.Faithfulness;

    /// <summary>How embeddings are compared.</summary>
    public SimilarityMetric Metric { get; init; }

    /// <summary>Thresholds that decide something are above the one and at most the other; strict refuses every other, also one that is left out. Null for any.</summary>
    public (double Above, double Most)? Decides { get; init; }

    /// <summary>Whether an address that the file names is asked.</summary>
    public bool CallsOut { get; init; }

    /// <summary>Whether a threshold has to be written.</summary>
    public bool NeedsThreshold { get; init; }

    /// <summary>What a cell of a table means without a threshold: promptfoo reads some of them with one of its own.</summary>
    public double? CellThreshold { get; init; }

    /// <summary>What differs between the modes, for the guide; empty when nothing does.</summary>
    public string Modes { get; init; } = "";

    /// <summary>Compiles a value without variables once; null for types that need not. The text says what is wrong with it.</summary>
    public Func<System.Text.Json.JsonElement, (object? Compiled, string Wrong)>? Prepare { get; init; }
}
