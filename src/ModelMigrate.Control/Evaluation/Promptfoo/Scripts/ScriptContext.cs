using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Promptfoo;

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
                ["output"] = row.Value.ValueKind == JsonValueKind.Undefined ? row.Output : Node(row.Value), ["cost"] = row.Cost, ["cached"] = false, ["finishReason"] = row.Finish,
                ["tokenUsage"] = new JsonObject { ["prompt"] = row.InputTokens, ["completion"] = row.OutputTokens, ["total"] = row.InputTokens + row.OutputTokens },
            },
        };
        if (assertion.Config.ValueKind != JsonValueKind.Undefined)
        {
            context["config"] = Node(assertion.Config);
        }

        return context;
    }

    private static JsonObject Group(IReadOnlyDictionary<string, JsonElement> values) => new(values.Select(static pair => KeyValuePair.Create(pair.Key, Node(pair.Value))));

    private static JsonNode? Node(JsonElement value) => JsonSerializer.SerializeToNode(value);
}
