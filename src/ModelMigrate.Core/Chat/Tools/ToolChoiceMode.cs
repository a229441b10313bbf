namespace ModelMigrate.Core.Chat.Tools;

/// <summary>What a request says about calling tools.</summary>
public enum ToolChoiceMode
{
    /// <summary>The model decides.</summary>
    Auto,

    /// <summary>No tool.</summary>
    None,

    /// <summary>Any tool, but one.</summary>
    Required,

    /// <summary>This tool.</summary>
    Named,
}
