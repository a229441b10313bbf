namespace ModelMigrate.Core.Promptfoo.Templates;

internal enum TemplateTokenKind
{
    Name,

    /// <summary>A text or a number.</summary>
    Constant,

    Sign,

    /// <summary>The closing braces.</summary>
    End,
}
