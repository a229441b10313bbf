namespace ModelMigrate.Core.Promptfoo.Asserting.Scripts;

/// <summary>An expression that JavaScript would throw on, for this answer. Only <see cref="ScriptExpression"/> sees it.</summary>
internal sealed class ScriptFault : Exception
{
    public ScriptFault(string message)
        : base(message)
    {
    }

    public ScriptFault()
    {
    }

    public ScriptFault(string message, Exception inner)
        : base(message, inner)
    {
    }
}
