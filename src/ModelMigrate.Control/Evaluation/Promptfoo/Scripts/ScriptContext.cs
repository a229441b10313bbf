using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Scripts;

/// <summary>What a script finds as <c>context</c>, by promptfoo's names.</summary>
internal static class ScriptContext
{
    public static JsonObject Of(PromptfooRow row, PromptfooAssertion assertion)
    {
        var context = new JsonObject
        {
            ["prompt"] = row.Rendered,
            ["vars"] = Group(row.Vars),
            ["test"] = new JsonObject { ["description"] = row.Test.Description, ["vars"] = Group(row.Test.Vars), ["metadata"] = Group(row.Test.Metadata), ["threshold"] = row.Test.Threshold },
            ["provider"] = new JsonObject { ["id"] = row.Provider.Id, ["label"] = row.Provider.Label },
            ["providerResponse"] = new JsonObject
            {
                ["output"] = Output(row.Answer), ["cost"] = row.Cost, ["cached"] = false, ["finishReason"] = row.Finish,
                ["tokenUsage"] = new JsonObject { ["prompt"] = row.InputTokens, ["completion"] = row.OutputTokens, ["total"] = row.InputTokens + row.OutputTokens },
            },
        };
        if (assertion.Config.ValueKind != JsonValueKind.Undefined)
        {
            context["config"] = Node(assertion.Config);
        }

        return context;
    }

    /// <summary>An answer as a script sees it.</summary>
    public static JsonNode? Output(GradedAnswer answer) => answer.Value.ValueKind == JsonValueKind.Undefined ? answer.Output : Node(answer.Value);

    /// <summary>What a function that sums up scores finds as its second argument.</summary>
    public static JsonObject Of(PromptfooRow row, Grade grade) => new()
    {
        ["threshold"] = row.Test.Threshold,
        ["componentResults"] = new JsonArray([.. grade.Components.Select(static each => new JsonObject
        {
            ["pass"] = each.Pass, ["score"] = each.Score, ["reason"] = each.Reason, ["assertion"] = each.Assertion is { } of ? new JsonObject { ["type"] = of.Type, ["metric"] = of.Metric, ["weight"] = of.Weight } : null,
        })]),
    };

    public static JsonObject Group(IReadOnlyDictionary<string, JsonElement> values) => new(values.Select(static pair => KeyValuePair.Create(pair.Key, Node(pair.Value))));

    private static JsonNode? Node(JsonElement value) => JsonSerializer.SerializeToNode(value);
}
