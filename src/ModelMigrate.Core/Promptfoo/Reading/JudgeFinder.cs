using System.Globalization;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Gives each assertion the models of its test that it asks, and refuses those that have none: nobody is asked whom the file does not name. Owned by one reading.</summary>
internal sealed class JudgeFinder
{
    // Assertions of a default stand in every test; one word is enough.
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    public TestDraft Of(TestDraft draft)
    {
        foreach (var assertion in draft.Asserts.SelectMany(static each => each.IsSet ? each.Set : [each]))
        {
            Material(assertion, draft);
        }

        return draft.RubricPrompt is null && draft.Asserts.All(static each => !Lacks(each) && !each.Set.Any(Lacks)) ? draft
            : draft with { Asserts = [.. draft.Asserts.Select(each => Of(each with { Set = [.. each.Set.Select(inner => Of(inner, draft))] }, draft))] };
    }

    private void Material(PromptfooAssertion assertion, TestDraft draft)
    {
        if (assertion is { Compares: true, Known.NeedsJudge: false } && draft.Asserts.All(static each => each.Compares))
        {
            Refuse(assertion, "nothing-to-compare", $"'{assertion.Type}' compares the scores of other assertions, and a test has none.", "Write one beside it.");
        }

        foreach (var name in assertion.Known?.NeedsVars ?? [])
        {
            if ((name != ContextUnits.Context || assertion.ContextTransform is null) && !ContextUnits.IsContext(draft.Vars.GetValueOrDefault(name)))
            {
                Refuse(assertion, "no-variable", $"'{assertion.Type}' reads the variable '{name}', which a test has not as a text.", $"Write 'vars: {{{name}: …}}' into every test that has the assertion{(name == ContextUnits.Context ? ", or 'contextTransform: output.context' where the answer holds it" : "")}.");
            }
        }
    }

    private static bool Lacks(PromptfooAssertion assertion) => assertion.LacksJudge || assertion.LacksEmbedder;

    private PromptfooAssertion Of(PromptfooAssertion assertion, TestDraft draft)
    {
        assertion = assertion with { RubricPrompt = assertion.RubricPrompt ?? (assertion.Known?.Judge == OutsideKind.Rubric ? draft.RubricPrompt : null) };
        if (draft.RubricPrompt is not null && assertion.Known is { NeedsJudge: true, Judge: not OutsideKind.Rubric })
        {
            Refuse(assertion, "not-run", $"'{assertion.Type}' asks in our words, and its test has a rubricPrompt.", "Write the rubricPrompt at the assertions of type llm-rubric.");
        }

        var graders = draft.Graders;
        if (!Lacks(assertion))
        {
            return assertion;
        }

        var given = assertion with { Judge = assertion.LacksJudge ? graders.Judge : assertion.Judge, Embedder = assertion.LacksEmbedder ? graders.Embedder : assertion.Embedder };
        if (given.LacksJudge)
        {
            Refuse(given, "no-judge", $"'{given.Type}' asks a model to judge, and none is named.", "Write 'defaultTest: {options: {provider: openai:chat:gpt-4.1}}', or 'provider:' at the assertion.");
        }

        if (given.LacksEmbedder)
        {
            Refuse(given, "no-embedder", $"'{given.Type}' asks a model for embeddings, and none is named.", "Write 'defaultTest: {options: {provider: {embedding: openai:embedding:text-embedding-3-small}}}', or 'provider:' at the assertion.");
        }

        return given;
    }

    private void Refuse(PromptfooAssertion assertion, string code, string message, string remedy)
    {
        if (assertion.Place is var (file, at) && _said.Add(string.Create(CultureInfo.InvariantCulture, $"{code} {file.Name}:{at.Start.Line}:{at.Start.Column}")))
        {
            file.Refuse(at, code, message, remedy);
        }
    }
}
