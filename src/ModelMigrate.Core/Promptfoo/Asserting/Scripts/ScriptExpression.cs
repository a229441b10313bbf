namespace ModelMigrate.Core.Promptfoo.Asserting.Scripts;

/// <summary>
/// An expression of JavaScript without side effects, read once and evaluated here: no program is started. Names are <c>output</c>, <c>context.vars</c>,
/// <c>JSON</c>, <c>Math</c>, <c>Number</c>, <c>String</c>, <c>Boolean</c>. What else is written is refused.
/// </summary>
internal sealed class ScriptExpression
{
    private readonly Func<ScriptScope, object?> _value;

    private ScriptExpression(Func<ScriptScope, object?> value) => _value = value;

    /// <summary>The expression; or null and what of it is not understood.</summary>
    /// <param name="text">As written.</param>
    /// <param name="wrong">Why it is none.</param>
    /// <param name="names">What the scope has in place of <c>output</c>.</param>
    public static ScriptExpression? TryParse(string text, out string wrong, IReadOnlyList<string>? names = null)
    {
        var body = text.Trim().TrimEnd(';').Trim();
        body = body.StartsWith("return ", StringComparison.Ordinal) ? body[7..] : body;
        if (ScriptTokens.Cut(body, out wrong) is not { } tokens)
        {
            return null;
        }

        try
        {
            return new ScriptExpression(new ScriptParser(tokens, names ?? []).Whole());
        }
        catch (ScriptFault fault)
        {
            wrong = fault.Message;
            return null;
        }
    }

    /// <summary>A <see cref="bool"/>, <see cref="double"/>, text or something else; or why JavaScript would throw.</summary>
    public object? Evaluate(ScriptScope scope, out string fault)
    {
        try
        {
            fault = "";
            return _value(scope);
        }
        catch (ScriptFault thrown)
        {
            fault = thrown.Message;
            return null;
        }
    }
}
