using System.Text.Json;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Core.Promptfoo;

/// <summary>One test with one value for each variable, the defaults already in it, asked once.</summary>
public sealed record PromptfooTest
{
    /// <summary>More are a mistake.</summary>
    internal const int MostRepeats = 1000;

    /// <summary>Which of the tests as they are written it was made of, from 0: a list of values makes several, and so does a repeat.</summary>
    public int Written { get; init; }

    /// <summary>Which of its repetitions it is, from 0.</summary>
    public int Repeat { get; init; }

    public string? Description { get; init; }

    public required IReadOnlyDictionary<string, JsonElement> Vars { get; init; }

    public IReadOnlyList<PromptfooAssertion> Asserts { get; init; } = [];

    /// <summary>The score that is enough, whatever of the assertions failed; null when each must hold.</summary>
    public double? Threshold { get; init; }

    public IReadOnlyDictionary<string, JsonElement> Metadata { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>Stands before every prompt.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Stands after every prompt.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>The model that is asked in the place of every arm's; null for the arm's.</summary>
    public PromptfooProvider? Provider { get; init; }

    /// <summary>Labels or ids of the only models that it is for; empty for all.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>Labels of the only prompts that it is for; empty for all.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>What is made of each answer, after the provider's own; null for nothing.</summary>
    public PromptfooTransform? Transform { get; init; }

    /// <summary>The program that sums up the scores; null for the weighted mean.</summary>
    public PromptfooScript? Scoring { get; init; }

    /// <summary>The answer, so that nobody is asked; of kind undefined for none.</summary>
    public JsonElement ProviderOutput { get; init; }

    /// <summary>Every program that grading it runs.</summary>
    public IEnumerable<PromptfooScript> Scripts => Asserts.SelectMany(static each => each.IsSet ? each.Set : [each])
        .SelectMany(static each => new[] { each.Needs == OutsideKind.Script ? each.Script : null, each.Transform?.Script, each.ContextTransform?.Script }).Append(Transform?.Script).Append(Scoring).OfType<PromptfooScript>();

    public int Assertions => Asserts.Sum(static each => each.IsSet ? each.Set.Count : 1);

    /// <summary>Whether its rows are compared with each other.</summary>
    public bool Compares => Asserts.Any(static each => each.Compares);

    /// <summary>Whether a model is asked it with a prompt.</summary>
    public bool IsFor(PromptfooProvider provider, PromptfooPrompt prompt) =>
        (Providers.Count == 0 || Providers.Contains(provider.Label, StringComparer.Ordinal) || Providers.Contains(provider.Id, StringComparer.Ordinal)) && (Prompts.Count == 0 || Prompts.Contains(prompt.Label, StringComparer.Ordinal));
}
