using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>One sign of what stands within braces.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As written: a name, an operator.</param>
/// <param name="At">Where it begins in the text.</param>
/// <param name="Value">Of a constant.</param>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, int At, JsonElement Value = default)
{
    public bool IsSign(string text) => Kind == TemplateTokenKind.Sign && Text == text;

    public bool IsName(string text) => Kind == TemplateTokenKind.Name && Text == text;
}
