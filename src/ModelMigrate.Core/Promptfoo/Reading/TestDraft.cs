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

    /// <summary>The words for judges of rubrics where an assertion has none, and where they stand.</summary>
    public PromptfooPrompt? RubricPrompt { get; init; }

    public PromptfooTransform? Transform { get; init; }

    /// <summary>The older name of <see cref="Transform"/>, for when no default has the newer one either.</summary>
    public PromptfooTransform? Postprocess { get; init; }

    public PromptfooScript? Scoring { get; init; }

    public JsonElement ProviderOutput { get; init; }

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
        Providers = Providers.Count > 0 ? Providers : other.Providers,
        Prompts = Prompts.Count > 0 ? Prompts : other.Prompts,
    };

    /// <summary>One test for each combination of the values in lists, the first list changing slowest.</summary>
    public IEnumerable<PromptfooTest> Tests()
    {
        IEnumerable<OrderedDictionary<string, JsonElement>> combinations = [new(StringComparer.Ordinal)];
        foreach (var (name, value) in Vars)
        {
            // As in promptfoo, only a list that begins with a text is a list of values.
            JsonElement[] values = value.ValueKind == JsonValueKind.Array && KeepsLists != true && value.EnumerateArray().FirstOrDefault().ValueKind == JsonValueKind.String ? [.. value.EnumerateArray()] : [value];
            combinations = combinations.SelectMany(_ => values, (before, each) => new OrderedDictionary<string, JsonElement>(before, StringComparer.Ordinal) { [name] = each });
        }

        return combinations.Select(vars => new PromptfooTest
        {
            Description = Description, Vars = vars, Asserts = Asserts, Threshold = Threshold, Metadata = Metadata, Prefix = Prefix ?? "", Suffix = Suffix ?? "", Providers = Providers, Prompts = Prompts,
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
