using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads the models that judge and embed: an id, <c>{id, config}</c>, or one of those under <c>text</c> and <c>embedding</c>.</summary>
internal static class GraderReader
{
    private static readonly string[] s_kinds = ["text", "embedding", "classification", "moderation"];

    public static Graders Read(YamlNode? node, SourceFile file)
    {
        var problems = file.Files.Count;
        return Named(node, file) is var graders && file.Files.Count > problems ? graders with { IsRefused = true } : graders;
    }

    private static Graders Named(YamlNode? node, SourceFile file)
    {
        if (node is YamlMapping map && map.Entries.Count > 0 && map.Entries.All(static entry => s_kinds.Contains(entry.Key.Text, StringComparer.Ordinal)))
        {
            return new Graders(One(map.Find("text")?.Value, file, embeds: false), One(map.Find("embedding")?.Value, file, embeds: true));
        }

        var embeds = ProviderReader.IsEmbedding(Id(node));
        return new Graders(embeds ? null : One(node, file, embeds: false), embeds ? One(node, file, embeds: true) : null);
    }

    private static string Id(YamlNode? node) => node switch
    {
        YamlScalar scalar => scalar.Text,
        YamlMapping { Entries: [var only] } map when map.Find("id") is null => only.Key.Text,
        YamlMapping map => (map.Find("id")?.Value as YamlScalar)?.Text ?? "",
        _ => "",
    };

    /// <summary>Null where none is named, and after the reason was added.</summary>
    private static PromptfooProvider? One(YamlNode? node, SourceFile file, bool embeds)
    {
        if (node is null or { IsNull: true })
        {
            return null;
        }

        var provider = new ProviderReader(file, embeds ? ProviderRole.Embedder : ProviderRole.Judge).Shared(node);
        if (provider is not ({ IsEcho: true } or { Http: not null }))
        {
            return provider;
        }

        file.Refuse(
            node, "unknown-provider", (provider.IsEcho, embeds) switch { (true, true) => "'echo' makes no embeddings.", (true, false) => "'echo' judges nothing.", _ => "A server over plain HTTP neither judges nor makes embeddings." },
            embeds ? ProviderReader.Embedding : "Write a model, for example 'provider: openai:chat:gpt-4.1'.");
        return null;
    }
}
