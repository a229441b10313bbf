using System.Text.RegularExpressions;
using ModelMigrate.Core.Checks.Schemas.Values;

namespace ModelMigrate.Core.Promptfoo.Asserting.Values;

/// <summary>Whether a pattern of JavaScript occurs in an answer.</summary>
internal static partial class PatternFinding
{
    public static Finding Of(AssertionInput input)
    {
        var (pattern, wrong) = input.Assertion.Prepared is EcmaPattern kept ? (kept, "") : Compile(input.Text) is var (made, why) ? (made as EcmaPattern, why) : (null, "");
        return pattern is null ? Finding.Wrong($"The pattern is no regular expression of JavaScript: {wrong}.")
            : pattern.Matches(input.Output) is { } found ? Finding.Of(found, $"match /{input.Text}/")
            : Finding.Lacks($"The pattern took longer than {EcmaPattern.Limit.TotalMilliseconds} ms; write it without nested repetitions.");
    }

    public static (object? Compiled, string Wrong) Compile(string pattern)
    {
        // .NET reads these, JavaScript does not: a pattern that passes here would fail there.
        if (NotInJavaScript().Match(pattern) is { Success: true } group)
        {
            return (null, $"'{group.Value}' is not read by JavaScript; write [Aa] for a letter of any case");
        }

        return EcmaPattern.TryCompile(pattern, out var wrong) is { } compiled ? (compiled, "") : (null, wrong);
    }

    [GeneratedRegex(@"(?<!\\)\(\?(?![:=!]|<[=!A-Za-z_$])[^)]{0,8}\)?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 250)]
    private static partial Regex NotInJavaScript();
}
