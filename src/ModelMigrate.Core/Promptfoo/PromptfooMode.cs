namespace ModelMigrate.Core.Promptfoo;

/// <summary>Whose rules decide where promptfoo's let a run pass that checked less than it seems.</summary>
public enum PromptfooMode
{
    /// <summary>A threshold of 0 or a weight of 0 turns no failure green, no run without an assertion is a success, and metrics are those of <c>score</c>.</summary>
    Strict,

    /// <summary>Pass, fail and scores as promptfoo 0.121 gives them.</summary>
    Compat,
}
