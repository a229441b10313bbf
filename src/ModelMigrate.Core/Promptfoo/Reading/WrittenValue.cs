using System.Text.Json;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads a value that stands in its place, or in a file that is named there.</summary>
internal static class WrittenValue
{
    /// <summary>A file's text without the white space around it, or its YAML or JSON; null after the reason was added.</summary>
    public static JsonElement? Of(YamlNode at, SourceFile file)
    {
        if (at is not YamlScalar { Text: var text } || !text.StartsWith(SourceFiles.Scheme, StringComparison.Ordinal))
        {
            return YamlJson.Convert(at);
        }

        switch (Path.GetExtension(text))
        {
            case ".json" or ".yaml" or ".yml":
                return file.Files.OpenTree(text, file, at) is var (_, root) ? YamlJson.Convert(root) : null;
            case ".txt" or ".md" or "":
                return file.Files.Open(text, file, at) is var (_, content) ? TemplateText.From(content.Trim()) : null;
            default:
                file.Refuse(at, "not-run", $"'{MapReader.Shown(text)}' is a program, or of a kind that is not read.", "Write it out, or into a file that ends with .txt, .md, .json or .yaml.");
                return null;
        }
    }
}
