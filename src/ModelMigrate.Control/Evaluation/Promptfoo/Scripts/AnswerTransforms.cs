using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Scripts;

/// <summary>Makes of answers what a configuration says: the provider's transform first, then the test's, and for an assertion its own. Asked by any number at once.</summary>
/// <param name="scripts">Runs those that are programs; null when there are none.</param>
internal sealed class AnswerTransforms(ScriptPool? scripts)
{
    /// <summary>The row with what came of its answer, or with why nothing did.</summary>
    public async Task<PromptfooRow> OfAsync(PromptfooRow row, CancellationToken cancel)
    {
        foreach (var transform in new[] { row.Provider.Transform, row.Test.Transform }.OfType<PromptfooTransform>())
        {
            var made = await OneAsync(transform, row, new JsonObject { ["raw"] = row.Prompt.Raw, ["label"] = row.Prompt.Label }, cancel);
            if (made.Answer is not { } answer)
            {
                return row with { Error = made.Fault };
            }

            row = row with { Given = transform == row.Test.Transform ? row.Answer : null, Output = answer.Output, Value = answer.Value };
        }

        return row;
    }

    /// <summary>The answer as each assertion with a transform sees it; null when none has one.</summary>
    public async Task<Dictionary<PromptfooAssertion, TransformedAnswer>?> OfAssertionsAsync(PromptfooRow row, CancellationToken cancel)
    {
        Dictionary<PromptfooAssertion, TransformedAnswer>? made = null;
        foreach (var assertion in row.Test.Asserts.SelectMany(static each => each.IsSet ? each.Set : [each]).Where(static each => each.Transform is not null))
        {
            made ??= new Dictionary<PromptfooAssertion, TransformedAnswer>(ReferenceEqualityComparer.Instance);
            made[assertion] = await OneAsync(assertion.Transform!, row, new JsonObject { ["label"] = row.Rendered }, cancel);
        }

        return made;
    }

    /// <summary>The row with the context that an assertion finds in the answer, as it was before the test's transform; or why there is none. The row itself where it looks for none.</summary>
    public async Task<(PromptfooRow Row, string Fault)> OfContextAsync(PromptfooAssertion assertion, PromptfooRow row, CancellationToken cancel)
    {
        if (assertion.ContextTransform is not { } transform)
        {
            return (row, "");
        }

        var made = await OneAsync(transform, row.Given is { } given ? row with { Output = given.Output, Value = given.Value } : row, new JsonObject { ["label"] = row.Rendered }, cancel);
        if (made.Answer is not { } answer)
        {
            return (row, $"contextTransform: {made.Fault}");
        }

        var context = answer.Value.ValueKind == JsonValueKind.Undefined ? JsonSerializer.SerializeToElement(answer.Output) : answer.Value;
        return ContextUnits.IsContext(context) ? (row with { Vars = new Dictionary<string, JsonElement>(row.Vars, StringComparer.Ordinal) { [ContextUnits.Context] = context } }, "")
            : (row, $"contextTransform: '{transform.Text}' gives no text, and no list of texts, that says something.");
    }

    private async Task<TransformedAnswer> OneAsync(PromptfooTransform transform, PromptfooRow row, JsonObject prompt, CancellationToken cancel)
    {
        if (transform.Script is not { } script)
        {
            return new TransformedAnswer(transform.TryApply(row.Answer, row.Vars, out var wrong), wrong);
        }

        if (scripts is null)
        {
            return new TransformedAnswer(null, "Scripts are not run here.");
        }

        // Several lines return by themselves, also where only the last of them is empty.
        var code = transform.Text.Contains('\n', StringComparison.Ordinal) ? $"\n{transform.Text}" : transform.Text;
        var context = new JsonObject { ["vars"] = ScriptContext.Group(row.Vars), ["prompt"] = prompt };
        var (value, fault) = await scripts.ValueAsync(script, code, ScriptContext.Output(row.Answer), context, cancel);
        return fault is not null ? new TransformedAnswer(null, $"The transform '{transform.Text}': {fault}") : new TransformedAnswer(transform.Take(row.Answer, value, out var nothing), nothing);
    }
}
