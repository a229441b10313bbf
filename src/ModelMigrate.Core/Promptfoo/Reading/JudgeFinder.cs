using System.Globalization;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Gives each assertion that a model judges the model of its test, and refuses those that have none: nobody is asked whom the file does not name. Owned by one reading.</summary>
internal sealed class JudgeFinder
{
    // Assertions of a default stand in every test; one word is enough.
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    public TestDraft Of(TestDraft draft) =>
        draft.Asserts.All(static each => !Lacks(each) && !each.Set.Any(Lacks)) ? draft : draft with { Asserts = [.. draft.Asserts.Select(each => Of(each with { Set = [.. each.Set.Select(inner => Of(inner, draft.Judge))] }, draft.Judge))] };

    private static bool Lacks(PromptfooAssertion assertion) => assertion is { NeedsJudge: true, Judge: null };

    private PromptfooAssertion Of(PromptfooAssertion assertion, PromptfooProvider? judge)
    {
        if (!Lacks(assertion) || judge is not null)
        {
            return Lacks(assertion) ? assertion with { Judge = judge } : assertion;
        }

        if (assertion.Place is var (file, at) && _said.Add(string.Create(CultureInfo.InvariantCulture, $"{file.Name}:{at.Start.Line}:{at.Start.Column}")))
        {
            file.Refuse(at, "no-judge", $"'{assertion.Type}' asks a model to judge, and none is named.", "Write 'defaultTest: {options: {provider: openai:chat:gpt-4.1}}', or 'provider:' at the assertion.");
        }

        return assertion;
    }
}
