using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads the words that judges of rubrics are asked in: a text, a conversation, or a file with one of them.</summary>
/// <param name="mode">In strict, words that do not show the judge the answer are refused.</param>
internal sealed class RubricPromptReader(PromptfooMode mode)
{
    /// <summary>Null for none, and after the reason was added.</summary>
    public PromptfooPrompt? Read(YamlNode? node, SourceFile file)
    {
        if (node is null or { IsNull: true })
        {
            return null;
        }

        if (Text(node, file) is not { } raw)
        {
            return null;
        }

        if (raw.AsSpan().Trim().Length == 0)
        {
            file.Refuse(node, "bad-value", "A rubricPrompt is empty.", "Write the judge's instructions, or remove it.");
            return null;
        }

        if (mode == PromptfooMode.Strict && !raw.Contains("output", StringComparison.Ordinal))
        {
            file.Refuse(node, "bad-value", "The rubricPrompt does not show the judge the answer.", "Write {{output}} where it stands, and {{rubric}} where the assertion's value does.");
            return null;
        }

        if (PromptfooPrompt.TryRead(raw, label: null, file.Files.Environment, out var wrong) is { } prompt)
        {
            return prompt;
        }

        file.Refuse(node, "template", $"In the rubricPrompt {wrong}.", "Correct it.");
        return null;
    }

    private static string? Text(YamlNode node, SourceFile file)
    {
        if (node is not YamlScalar { Text: var text })
        {
            return TemplateText.Json(YamlJson.Convert(node));
        }

        if (!text.StartsWith(SourceFiles.Scheme, StringComparison.Ordinal))
        {
            return text;
        }

        switch (Path.GetExtension(text))
        {
            case ".yaml" or ".yml" or ".json":
                return file.Files.OpenTree(text, file, node) is var (_, root) ? TemplateText.Json(YamlJson.Convert(root)) : null;
            case ".txt" or ".md" or "":
                return file.Files.Open(text, file, node) is var (_, content) ? content : null;
            default:
                file.Refuse(node, "not-run", $"'{MapReader.Shown(text)}' is a program, or of a kind that is not read.", "Write the words out, or into a file that ends with .txt, .json or .yaml.");
                return null;
        }
    }
}
