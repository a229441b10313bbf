using System.Text.Json;
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

        if (WrittenValue.Of(node, file) is not { } written)
        {
            return null;
        }

        var raw = written.ValueKind == JsonValueKind.String ? written.GetString()! : TemplateText.Json(written);
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
}
