using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>A test as it is written: lists of values not yet one test each, and without the defaults.</summary>
internal sealed record TestDraft
{
    public string? Description { get; init; }

    public OrderedDictionary<string, JsonElement> Vars { get; init; } = new(StringComparer.Ordinal);

    public IReadOnlyList<PromptfooAssertion> Asserts { get; init; } = [];

    public double? Threshold { get; init; }

    public OrderedDictionary<string, JsonElement> Metadata { get; init; } = new(StringComparer.Ordinal);

    public string? Prefix { get; init; }

    public string? Suffix { get; init; }

    public bool? KeepsLists { get; init; }

    public bool DropsDefaultAsserts { get; init; }

    /// <summary>The models that are asked where an assertion names none.</summary>
    public Graders Graders { get; init; } = Graders.None;

    /// <summary>The words for judges of rubrics where an assertion has none.</summary>
    public PromptfooPrompt? RubricPrompt { get; init; }

    public PromptfooTransform? Transform { get; init; }

    /// <summary>The older name of <see cref="Transform"/>, for when no default has the newer one either.</summary>
    public PromptfooTransform? Postprocess { get; init; }

    public PromptfooScript? Scoring { get; init; }

    public JsonElement ProviderOutput { get; init; }

    /// <summary>How often each of its tests is asked; null where the configuration says.</summary>
    public int? Repeat { get; init; }

    /// <summary>Who answers in the place of every arm, or null.</summary>
    public PromptfooProvider? Provider { get; init; }

    public IReadOnlyList<string> Providers { get; init; } = [];

    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>This over a default: its own words win, its assertions follow.</summary>
    public TestDraft Over(TestDraft other) => new()
    {
        Description = Description ?? other.Description,
        Vars = Merged(other.Vars, Vars),
        Asserts = DropsDefaultAsserts ? Asserts : [.. other.Asserts, .. Asserts],
        Threshold = Threshold ?? other.Threshold,
        Metadata = Merged(other.Metadata, Metadata),
        Prefix = Prefix ?? other.Prefix,
        Suffix = Suffix ?? other.Suffix,
        KeepsLists = KeepsLists ?? other.KeepsLists,
        DropsDefaultAsserts = DropsDefaultAsserts || other.DropsDefaultAsserts,
        Graders = Graders.Over(other.Graders),
        RubricPrompt = RubricPrompt ?? other.RubricPrompt,
        Transform = Transform ?? other.Transform,
        Postprocess = Postprocess ?? other.Postprocess,
        Scoring = Scoring ?? other.Scoring,
        ProviderOutput = ProviderOutput,
        Repeat = Repeat ?? other.Repeat,
        Provider = Provider ?? other.Provider,
        Providers = Providers.Count > 0 ? Providers : other.Providers,
        Prompts = Prompts.Count > 0 ? Prompts : other.Prompts,
    };

    /// <summary>One test for each combination of the values in lists, the first list changing slowest, and all of them again for each repetition.</summary>
    /// <param name="written">Its place among the tests as they are written.</param>
    /// <param name="repeat">How often it is asked where it does not say so itself.</param>
    public IEnumerable<PromptfooTest> Tests(int written, int repeat)
    {
        IEnumerable<OrderedDictionary<string, JsonElement>> combinations = [new(StringComparer.Ordinal)];
        foreach (var (name, value) in Vars)
        {
            // As in promptfoo, only a list that begins with a text is a list of values.
            JsonElement[] values = value.ValueKind == JsonValueKind.Array && KeepsLists != true && value.EnumerateArray().FirstOrDefault().ValueKind == JsonValueKind.String ? [.. value.EnumerateArray()] : [value];
            combinations = combinations.SelectMany(_ => values, (before, each) => new OrderedDictionary<string, JsonElement>(before, StringComparer.Ordinal) { [name] = each });
        }

        return Enumerable.Range(0, Repeat ?? repeat).SelectMany(_ => combinations, (again, vars) => new PromptfooTest
        {
            Written = written, Repeat = again, Provider = Provider, Description = Description, Vars = vars, Asserts = Asserts, Threshold = Threshold, Metadata = Metadata, Prefix = Prefix ?? "", Suffix = Suffix ?? "", Providers = Providers, Prompts = Prompts,
            Transform = Transform ?? Postprocess, Scoring = Scoring, ProviderOutput = ProviderOutput,
        });
    }

    private static OrderedDictionary<string, JsonElement> Merged(OrderedDictionary<string, JsonElement> under, OrderedDictionary<string, JsonElement> over)
    {
        var merged = new OrderedDictionary<string, JsonElement>(under, StringComparer.Ordinal);
        foreach (var (name, value) in over)
        {
            merged[name] = value;
        }

        return merged;
    }
}
