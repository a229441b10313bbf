using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads the model that judges: an id, <c>{id, config}</c>, or one of those under <c>text</c>.</summary>
internal static class GraderReader
{
    private static readonly string[] s_kinds = ["text", "embedding", "classification", "moderation"];

    /// <summary>Null for none, and after the reason was added.</summary>
    public static PromptfooProvider? Read(YamlNode? node, SourceFile file)
    {
        if (node is null or { IsNull: true })
        {
            return null;
        }

        if (node is YamlMapping map && map.Entries.Count > 0 && map.Entries.All(static entry => s_kinds.Contains(entry.Key.Text, StringComparer.Ordinal)))
        {
            return Read(map.Find("text")?.Value, file);
        }

        var provider = new ProviderReader(file).One(node);
        if (provider is not { IsEcho: true })
        {
            return provider;
        }

        file.Refuse(node, "unknown-provider", "'echo' judges nothing.", "Write a model, for example 'provider: openai:chat:gpt-4.1'.");
        return null;
    }
}
