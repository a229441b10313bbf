namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>A template that cannot be read, or a value that cannot stand where it does. Only <see cref="Template"/> sees it.</summary>
internal sealed class TemplateFault : Exception
{
    public TemplateFault(string message)
        : base(message)
    {
    }

    public TemplateFault()
    {
    }

    public TemplateFault(string message, Exception inner)
        : base(message, inner)
    {
    }
}
