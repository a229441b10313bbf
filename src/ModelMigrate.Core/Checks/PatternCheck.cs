using ModelMigrate.Core.Checks.Schemas.Values;

namespace ModelMigrate.Core.Checks;

/// <summary>Demands that a pattern of ECMA-262 occurs in the text; with <c>forbids</c>, that it does not. One that takes too long fails.</summary>
public sealed record PatternCheck : AnswerCheck
{
    private readonly EcmaPattern _pattern;
    private readonly bool _forbids;

    private PatternCheck(string name, EcmaPattern pattern, bool forbids)
        : base(name) => (_pattern, _forbids) = (pattern, forbids);

    /// <summary>The check, or null and why the pattern cannot be used.</summary>
    public static PatternCheck? TryCreate(string name, string pattern, bool forbids, out string wrong) =>
        EcmaPattern.TryCompile(pattern, out wrong) is { } compiled ? new PatternCheck(name, compiled, forbids) : null;

    protected override bool Holds(in CheckedAnswer answer) => _pattern.Matches(answer.Text) == !_forbids;
}
