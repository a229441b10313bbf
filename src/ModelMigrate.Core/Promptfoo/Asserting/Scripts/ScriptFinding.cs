namespace ModelMigrate.Core.Promptfoo.Asserting.Scripts;

/// <summary>What an expression says of an answer: yes or no, or a score that holds above 0, or from the threshold on.</summary>
internal static class ScriptFinding
{
    public static Finding Of(AssertionInput input)
    {
        var wrong = "";
        if ((input.Assertion.Prepared as ScriptExpression ?? ScriptExpression.TryParse(input.Text, out wrong)) is not { } script)
        {
            return Finding.Lacks($"The expression is not run: {wrong}. Run with --allow-scripts, which leaves it to node.");
        }

        var value = script.Evaluate(ScriptScope.Of(input.Answer, input.Vars), out var fault);
        return fault.Length > 0 ? Finding.Wrong($"The expression ends with an error: {fault}.") : value switch
        {
            bool holds => Finding.Of(holds, $"meet {input.Text.Trim()}"),
            double score => Finding.Of(input.Assertion.Threshold is { } threshold ? score >= threshold : score > 0, $"meet {input.Text.Trim()}, which is {AssertionInput.Shown(score)}") with { Own = score },
            _ => Finding.Wrong("The expression is neither true or false nor a number."),
        };
    }
}
