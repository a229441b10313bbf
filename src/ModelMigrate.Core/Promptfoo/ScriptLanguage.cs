namespace ModelMigrate.Core.Promptfoo;

/// <summary>Which program runs a script.</summary>
public enum ScriptLanguage
{
    /// <summary><c>node</c>.</summary>
    JavaScript = 0,

    /// <summary><c>python3</c>.</summary>
    Python = 1,
}
