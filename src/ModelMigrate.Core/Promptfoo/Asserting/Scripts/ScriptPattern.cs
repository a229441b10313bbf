using ModelMigrate.Core.Checks.Schemas.Values;

namespace ModelMigrate.Core.Promptfoo.Asserting.Scripts;

/// <summary>A pattern that is written into an expression.</summary>
internal sealed record ScriptPattern(EcmaPattern Pattern)
{
    /// <summary>Only what needs no flags: those would change what matches.</summary>
    public static ScriptPattern Of(string pattern, string flags) => flags.Length > 0
        ? throw new ScriptFault($"the flags '{flags}' of a pattern are not read; write [Aa] for a letter of any case")
        : EcmaPattern.TryCompile(pattern, out var wrong) is { } compiled ? new ScriptPattern(compiled) : throw new ScriptFault($"/{pattern}/ is no regular expression: {wrong}");

    public bool IsIn(string text) => Pattern.Matches(text) ?? throw new ScriptFault("a pattern takes too long");
}
