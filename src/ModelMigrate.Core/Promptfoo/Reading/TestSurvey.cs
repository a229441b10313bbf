using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads every test once before any is run, and keeps counts and names of them. Owned by one reading.</summary>
internal sealed class TestSurvey(SourceFiles files)
{
    /// <summary>More are a mistake in a list.</summary>
    private const int MostTests = 20_000_000;

    /// <summary>More are not read by anybody.</summary>
    private const int MostProblems = 1000;

    private readonly SortedSet<ScriptLanguage> _languages = [];
    private readonly HashSet<string> _prompts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _providers = new(StringComparer.Ordinal);

    public long Tests { get; private set; }

    public long Assertions { get; private set; }

    /// <summary>Rows of the tests that are run.</summary>
    public long Rows { get; private set; }

    /// <summary>Of the scripts that assertions and transforms run.</summary>
    public IReadOnlyCollection<ScriptLanguage> Languages => _languages;

    /// <summary>Whether rows of a test are compared with each other.</summary>
    public bool Compares { get; private set; }

    public void Read(IEnumerable<PromptfooTest> tests, PromptfooConfig config, TestFilter filter, YamlMapping map, SourceFile file)
    {
        var (arms, isMeant) = (config.Arms.ToList(), filter.Start());
        _languages.UnionWith(config.Providers.Select(static provider => provider.Transform?.Script).OfType<PromptfooScript>().Select(static script => script.Language));
        foreach (var test in tests)
        {
            Tests++;
            Rows += isMeant(test) ? arms.Count(arm => test.IsFor(arm.Provider, arm.Prompt)) : 0;

            Assertions += test.Assertions;
            _languages.UnionWith(test.Scripts.Select(static script => script.Language));
            Comparable(test, arms);
            _prompts.UnionWith(test.Prompts);
            _providers.UnionWith(test.Providers);
            if (Tests > MostTests)
            {
                file.Refuse(map, "too-many-tests", $"The lists of values and the repeats make more than {MostTests} tests.", "Shorten them, or set options.disableVarExpansion where a list is one value.");
                return;
            }

            if (files.Count > MostProblems)
            {
                file.Refuse(map, "too-many-problems", $"More than {MostProblems} problems were found; the tests that follow were not read.", "Correct those first.");
                return;
            }
        }
    }

    private void Comparable(PromptfooTest test, List<(PromptfooProvider Provider, PromptfooPrompt Prompt)> arms)
    {
        if (test.Asserts.FirstOrDefault(static each => each.Compares) is not { } comparison)
        {
            return;
        }

        Compares = true;
        if (comparison.Place is var (named, place) && (test.Scoring is not null || comparison.Transform is not null))
        {
            named.Refuse(place, "not-run", $"'{comparison.Type}' compares whole answers after they were graded, so {(comparison.Transform is null ? "an assertScoringFunction beside it" : "a transform of its own")} would not be heard.", "Remove one of the two.");
        }

        if (!files.HasErrors && comparison.Place is var (file, at) && arms.Count(arm => test.IsFor(arm.Provider, arm.Prompt)) < 2)
        {
            file.Refuse(at, "nothing-to-compare", $"'{comparison.Type}' compares the answers of a test, and one has a single answer.", "Write a second prompt or provider for it.");
        }
    }

    /// <summary>Tests and models that are limited to names must name something.</summary>
    public void Names(IReadOnlyList<PromptfooPrompt> asked, IReadOnlyList<PromptfooProvider> models, YamlMapping map, SourceFile file)
    {
        var prompts = asked.Select(static prompt => prompt.Label).ToList();
        var providers = models.SelectMany(static provider => new[] { provider.Id, provider.Label }).ToList();
        foreach (var missing in _prompts.Concat(models.SelectMany(static provider => provider.Prompts)).Except(prompts, StringComparer.Ordinal))
        {
            file.Refuse(map.Find("prompts")!.Value, "unknown-prompt", $"No prompt has the label '{MapReader.Shown(missing)}'.", NearestName.Of(missing, prompts) is { } near ? $"Write '{near}'." : "Give the prompt that label.");
        }

        foreach (var missing in _providers.Except(providers, StringComparer.Ordinal))
        {
            file.Refuse((map.Find("providers") ?? map.Find("targets"))!.Value, "unknown-provider", $"No provider is called '{MapReader.Shown(missing)}'.", NearestName.Of(missing, providers) is { } near ? $"Write '{near}'." : "Add it, or correct the test.");
        }
    }

    /// <summary>Those that are meant once more, for a run. They were read whole before: what is wrong now was changed since.</summary>
    /// <exception cref="InvalidDataException">A file is no longer what was read before.</exception>
    public IEnumerable<PromptfooTest> Again(IEnumerable<PromptfooTest> tests, TestFilter filter)
    {
        var (seen, isMeant) = (0L, filter.Start());
        foreach (var test in tests)
        {
            if (files.HasErrors || ++seen > Tests)
            {
                break;
            }

            if (isMeant(test))
            {
                yield return test;
            }
        }

        if (files.HasErrors || seen != Tests)
        {
            throw new InvalidDataException(string.Join('\n', files.Problems.Select(static problem => problem.ToString()).Append("A file of tests changed while it was read: run again.")));
        }
    }
}
