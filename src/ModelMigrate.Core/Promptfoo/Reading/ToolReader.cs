using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Core.Checks.Schemas;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Asserting.Values;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads the tools that a provider is told of, as OpenAI, Anthropic or Gemini write them.</summary>
internal static class ToolReader
{
    private static readonly string[] s_declarations = ["functionDeclarations", "function_declarations"];
    private static readonly string[] s_function = ["name", "description", "parameters", "strict"];

    public static IReadOnlyList<PromptfooTool> Read(YamlNode? node, SourceFile file) => [.. SourceFile.Items(node).SelectMany(item => Some(item, file))];

    /// <summary>Whether and which tool must be called: a word, or a group that names one; null for none, and after the reason was added.</summary>
    public static ToolChoice? Choice(YamlNode? node, SourceFile file)
    {
        var named = node is YamlMapping map ? (map.Find("function")?.Value as YamlMapping ?? map).Find("name")?.Value as YamlScalar : null;
        var word = (node as YamlScalar)?.Text ?? ((node as YamlMapping)?.Find("type")?.Value as YamlScalar)?.Text;
        switch (word)
        {
            case null when named is null && node is null or { IsNull: true }:
                return null;
            case "auto":
                return new ToolChoice(ToolChoiceMode.Auto);
            case "none":
                return new ToolChoice(ToolChoiceMode.None);
            case "required" or "any":
                return new ToolChoice(ToolChoiceMode.Required);
            default:
                if (named is not null)
                {
                    return new ToolChoice(ToolChoiceMode.Named, named.Text);
                }

                file.Refuse(node!, "bad-value", "The choice of a tool is not understood.", "Write auto, none or required, or {type: function, function: {name: …}}.");
                return null;
        }
    }

    private static IEnumerable<PromptfooTool> Some(YamlNode item, SourceFile file)
    {
        if (item is YamlScalar { Text: var reference } && reference.StartsWith(SourceFiles.Scheme, StringComparison.Ordinal))
        {
            if (Path.GetExtension(reference) is ".json" or ".yaml" or ".yml")
            {
                return file.Files.OpenTree(reference, file, item) is var (other, root) ? Read(root, other) : [];
            }

            file.Refuse(item, "not-run", $"'{MapReader.Shown(reference)}' is a program, or of a kind that is not read.", "Write the tools out, or into a file that ends with .json or .yaml.");
            return [];
        }

        if (item is YamlMapping map && s_declarations.Select(map.Find).FirstOrDefault(static each => each is not null) is { } declared)
        {
            file.Keys(item, "A group of tools", s_declarations);
            return SourceFile.Items(declared.Value).Select(each => One(each, s_function, "parameters", file, isGemini: true)).OfType<PromptfooTool>();
        }

        if (item is YamlMapping wrapped && wrapped.Find("function")?.Value is { } function)
        {
            file.Keys(item, "A tool", ["type", "function"]);
            return One(function, s_function, "parameters", file) is { } one ? [one] : [];
        }

        return (item as YamlMapping)?.Find("input_schema") is null
            ? One(item, s_function, "parameters", file) is { } bare ? [bare] : []
            : One(item, ["type", "name", "description", "input_schema", "strict"], "input_schema", file) is { } plain ? [plain] : [];
    }

    private static PromptfooTool? One(YamlNode node, IReadOnlyList<string> keys, string schemaKey, SourceFile file, bool isGemini = false)
    {
        if (file.Keys(node, "A tool", keys) is not { } map)
        {
            return null;
        }

        if (file.Text(map, "name") is not { Length: > 0 } name)
        {
            file.Refuse(node, "missing-key", "The tool has no name.", "Write for example '{type: function, function: {name: weather, parameters: {type: object}}}'.");
            return null;
        }

        var at = map.Find(schemaKey)?.Value;
        var schema = at is null or { IsNull: true } ? default : YamlJson.Convert(at);
        schema = isGemini && schema.ValueKind == JsonValueKind.Object ? JsonSerializer.SerializeToElement(Lowered(JsonObject.Create(schema)!)) : schema;
        if (TemplateText.Json(YamlJson.Convert(node)).Contains("{{", StringComparison.Ordinal))
        {
            file.Refuse(node, "template", $"The tool '{MapReader.Shown(name)}' has variables, which are not filled here.", "Write its words out.");
            return null;
        }

        var (compiled, wrong) = JsonFinding.Compile(schema);
        if (wrong.Length > 0)
        {
            file.Refuse(at!, "bad-value", $"Of the tool '{MapReader.Shown(name)}' {wrong}.", "Correct it.");
            return null;
        }

        var tool = new ChatTool { Name = name, Description = file.Text(map, "description"), Schema = schema.ValueKind == JsonValueKind.Undefined ? null : TemplateText.Json(schema), Strict = file.Text(map, "strict") == "true" };
        return new PromptfooTool(tool) { Schema = compiled as JsonSchema };
    }

    /// <summary>Gemini writes types in capitals.</summary>
    private static JsonNode? Lowered(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject group:
                return new JsonObject(group.Select(static pair => KeyValuePair.Create(pair.Key, pair.Key == "type" && pair.Value?.GetValueKind() == JsonValueKind.String ? pair.Value.GetValue<string>().ToLowerInvariant() : Lowered(pair.Value))));
            case JsonArray list:
                return new JsonArray([.. list.Select(Lowered)]);
            default:
                return node?.DeepClone();
        }
    }
}
