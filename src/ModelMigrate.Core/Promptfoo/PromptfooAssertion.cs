using System.Text.Json;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Asserting;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;
using ModelMigrate.Core.Promptfoo.Reading;

namespace ModelMigrate.Core.Promptfoo;

/// <summary>One thing that an answer is held against, or a set of them with a threshold of its own.</summary>
public sealed record PromptfooAssertion
{
    /// <summary>As written, with <c>not-</c> where it is turned round; <c>assert-set</c> for a set.</summary>
    public required string Type { get; init; }

    /// <summary>What the answer is compared with; of kind <see cref="JsonValueKind.Undefined"/> when there is none.</summary>
    public JsonElement Value { get; init; }

    public double? Threshold { get; init; }

    public double Weight { get; init; } = 1;

    /// <summary>The name that its score is summed under, or null.</summary>
    public string? Metric { get; init; }

    /// <summary>The assertions of a set.</summary>
    public IReadOnlyList<PromptfooAssertion> Set { get; init; } = [];

    /// <summary>The program that decides; null for none. An expression that needs none is evaluated here all the same.</summary>
    public PromptfooScript? Script { get; init; }

    /// <summary>What is made of the answer for this assertion alone; null for nothing.</summary>
    public PromptfooTransform? Transform { get; init; }

    /// <summary>The words that a rubric's judge is asked in, with places for <c>{{output}}</c> and <c>{{rubric}}</c>; null for ours.</summary>
    public PromptfooPrompt? RubricPrompt { get; init; }

    /// <summary>What finds the context in the answer, for an assertion that reads one; null for the variable <c>context</c>.</summary>
    public PromptfooTransform? ContextTransform { get; init; }

    /// <summary>What a script finds as <c>context.config</c>; of kind undefined for none.</summary>
    public JsonElement Config { get; init; }

    /// <summary>Who judges; null where no model does.</summary>
    public PromptfooProvider? Judge { get; init; }

    /// <summary>Who makes embeddings of texts; null where no model does.</summary>
    public PromptfooProvider? Embedder { get; init; }

    /// <summary>What must be asked before an answer can be held against it.</summary>
    public OutsideKind Needs => Script is not null && Prepared is null ? OutsideKind.Script : Known is { CallsOut: true } ? OutsideKind.Webhook : Known?.Judge ?? OutsideKind.None;

    /// <summary>What <c>{{env.NAME}}</c> in its value and its metric stands for.</summary>
    internal Func<string, string?> Environment { get; init; } = static _ => null;

    /// <summary>Whether it compares the rows of one test, once all of them are graded.</summary>
    public bool Compares => Known is { Compares: true };

    /// <summary>Where it stands, for what is only known later to be wrong with it.</summary>
    internal (SourceFile File, YamlNode At)? Place { get; init; }

    /// <summary>Whether a model is still missing that the file has to name.</summary>
    internal bool LacksJudge => Known is { NeedsJudge: true } && Judge is null;

    internal bool LacksEmbedder => Known is { NeedsEmbedder: true } && Embedder is null;

    public bool IsInverse => Type.StartsWith(AssertionTypes.Not, StringComparison.Ordinal);

    public bool IsSet => Type == AssertionTypes.Set;

    internal AssertionType? Known { get; init; }

    /// <summary>What the value was compiled to, for a value without variables.</summary>
    internal object? Prepared { get; init; }
}
