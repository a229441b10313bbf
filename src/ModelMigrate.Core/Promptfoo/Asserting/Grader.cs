using System.Text.Json;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;
using ModelMigrate.Core.Promptfoo.Asserting.Scripts;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Asserting;

/// <summary>Holds an answer against the assertions of its test.</summary>
public static class Grader
{
    /// <summary>What must be found out before the grade, because it needs a program or a judge.</summary>
    public static IEnumerable<OutsideTask> Outside(PromptfooTest test, IReadOnlyDictionary<string, JsonElement> vars)
    {
        foreach (var assertion in test.Asserts.SelectMany(static each => each.IsSet ? each.Set : [each]).Where(static each => each.Needs != OutsideKind.None))
        {
            var value = Filled(assertion.Value, vars, assertion.Environment, out var fault);
            if (fault.Length == 0 && (assertion.Needs != OutsideKind.Script || assertion.Script is { File: not null } or { Language: ScriptLanguage.Python } || ScriptExpression.TryParse(TemplateText.Of(value), out _) is null))
            {
                yield return new OutsideTask(assertion, TemplateText.Of(value)) { Texts = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(TemplateText.Of)] : [TemplateText.Of(value)] };
            }
        }
    }

    /// <summary>What the rows of a test are compared by, once they are graded: of promptfoo's, in compat, the first of each type, the judge's before the others.</summary>
    public static IReadOnlyList<(OutsideTask Task, string Fault)> Comparisons(PromptfooTest test, IReadOnlyDictionary<string, JsonElement> vars, PromptfooMode mode)
    {
        var all = test.Asserts.Where(static each => each.Compares);
        return
        [
            .. (mode == PromptfooMode.Strict ? all : all.DistinctBy(static each => each.Type, StringComparer.Ordinal).OrderBy(static each => each.Judge is null)).Select(each =>
                (new OutsideTask(each, TemplateText.Of(Filled(each.Value, vars, each.Environment, out var fault))), fault)),
        ];
    }

    /// <summary>The test's grade. A test without assertions passes; one of which something cannot be known is an error.</summary>
    /// <param name="test">What the answer is held against.</param>
    /// <param name="vars">With the variables that name others filled.</param>
    /// <param name="answer">What is graded.</param>
    /// <param name="mode">Whose rules.</param>
    /// <param name="outside">What came of each of <see cref="Outside"/>, by the assertion itself; null when there is none.</param>
    /// <param name="transformed">The answer as each assertion with a transform sees it; null when each is an expression that is evaluated here.</param>
    public static Grade Of(
        PromptfooTest test, IReadOnlyDictionary<string, JsonElement> vars, GradedAnswer answer, PromptfooMode mode, IReadOnlyDictionary<PromptfooAssertion, OutsideResult>? outside = null,
        IReadOnlyDictionary<PromptfooAssertion, TransformedAnswer>? transformed = null)
    {
        if (test.Asserts.Count == 0)
        {
            return new Grade { Pass = true, Score = 1, Reason = "No assertions" };
        }

        var tally = new Tally(test.Threshold, mode);
        foreach (var assertion in test.Asserts)
        {
            if (assertion.Compares && outside?.ContainsKey(assertion) != true)
            {
                continue;
            }

            tally.Add(Of(assertion, vars, answer, mode, outside, transformed), assertion.Weight, Metric(assertion, vars));
        }

        return tally.Sum();
    }

    private static Grade Of(
        PromptfooAssertion assertion, IReadOnlyDictionary<string, JsonElement> vars, GradedAnswer answer, PromptfooMode mode, IReadOnlyDictionary<PromptfooAssertion, OutsideResult>? outside,
        IReadOnlyDictionary<PromptfooAssertion, TransformedAnswer>? transformed)
    {
        if (!assertion.IsSet)
        {
            return Single(assertion, vars, answer, mode, outside, transformed);
        }

        var tally = new Tally(assertion.Threshold, mode);
        foreach (var each in assertion.Set)
        {
            tally.Add(Single(each, vars, answer, mode, outside, transformed), each.Weight, Metric(each, vars));
        }

        return tally.Sum() with { Assertion = assertion };
    }

    private static Grade Single(
        PromptfooAssertion assertion, IReadOnlyDictionary<string, JsonElement> vars, GradedAnswer answer, PromptfooMode mode, IReadOnlyDictionary<PromptfooAssertion, OutsideResult>? outside,
        IReadOnlyDictionary<PromptfooAssertion, TransformedAnswer>? transformed)
    {
        var type = assertion.Known!;
        var value = Filled(assertion.Value, vars, assertion.Environment, out var fault);
        if (assertion.Transform is { } transform)
        {
            var own = transformed is not null && transformed.TryGetValue(assertion, out var kept) ? kept : new TransformedAnswer(transform.TryApply(answer, vars, out var none), none);
            (answer, fault) = (own.Answer ?? answer, own.Fault.Length > 0 ? own.Fault : fault);
        }

        var finding = fault.Length > 0 ? Finding.Lacks(fault) : outside is not null && outside.TryGetValue(assertion, out var found) ? Finding.From(found) : type.Find(new AssertionInput(assertion, value, answer, vars, mode));
        if (finding.Missing is { } missing)
        {
            return new Grade { Pass = false, Score = 0, Reason = $"{assertion.Type}: {missing}", Error = $"{assertion.Type}: {missing}", Assertion = assertion };
        }

        var inverse = assertion.IsInverse;
        var grade = finding.Broken is { } broken ? new Grade { Pass = false, Score = 0, Reason = broken, Assertion = assertion }
            : finding.Holds is { } holds ? Decided(assertion, finding, holds != (inverse && !finding.IsTurned))
            : Scored(assertion, finding, type.DefaultThreshold ?? 0);

        // promptfoo lets an assertion of weight 0 pass whatever it found.
        return assertion.Weight == 0 && mode == PromptfooMode.Compat ? grade with { Pass = true } : grade;
    }

    private static Grade Decided(PromptfooAssertion assertion, Finding finding, bool pass) => new()
    {
        Pass = pass,
        Score = finding is { Own: { } own, TurnsOwn: true } && assertion.IsInverse ? Math.Clamp(1 - own, 0, 1) : finding.Own ?? (pass ? 1 : 0),
        Reason = finding.Reason is { Length: > 0 } said && (pass == finding.Holds || finding.TurnsOwn) ? said : pass ? "Assertion passed" : $"Expected the answer to {(assertion.IsInverse ? "not " : "")}{finding.Says}",
        NamedScores = finding.Named,
        NamedWeights = finding.Named.ToDictionary(static pair => pair.Key, static _ => 1.0, StringComparer.Ordinal),
        Assertion = assertion,
    };

    private static Grade Scored(PromptfooAssertion assertion, Finding finding, double otherwise)
    {
        var least = assertion.Threshold ?? otherwise;
        var pass = finding.Score >= least != assertion.IsInverse;
        return new Grade
        {
            Pass = pass,
            Score = assertion.IsInverse ? 1 - finding.Score : finding.Score,
            Reason = pass ? "Assertion passed" : $"{finding.Says} {AssertionInput.Shown(finding.Score)} is {(assertion.IsInverse ? "not below" : "below")} the threshold {AssertionInput.Shown(least)}",
            Assertion = assertion,
        };
    }

    /// <summary>A text, or the texts of a list, with their variables. A group of keys has none, as in promptfoo.</summary>
    private static JsonElement Filled(JsonElement value, IReadOnlyDictionary<string, JsonElement> vars, Func<string, string?> environment, out string fault)
    {
        fault = "";
        if (value.ValueKind == JsonValueKind.String)
        {
            return Filled(value.GetString()!, value, vars, environment, out fault);
        }

        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().All(static item => item.ValueKind != JsonValueKind.String || !item.GetString()!.Contains('{', StringComparison.Ordinal)))
        {
            return value;
        }

        var items = new List<JsonElement>();
        foreach (var item in value.EnumerateArray())
        {
            items.Add(item.ValueKind == JsonValueKind.String && fault.Length == 0 ? Filled(item.GetString()!, item, vars, environment, out fault) : item);
        }

        return JsonSerializer.SerializeToElement(items);
    }

    private static JsonElement Filled(string text, JsonElement value, IReadOnlyDictionary<string, JsonElement> vars, Func<string, string?> environment, out string fault)
    {
        fault = "";
        return text.Contains('{', StringComparison.Ordinal) && Template.TryParse(text, environment, out _) is { HasVariables: true } template
            ? template.Render(vars, out fault) is { } filled ? TemplateText.From(filled) : default
            : value;
    }

    private static string? Metric(PromptfooAssertion assertion, IReadOnlyDictionary<string, JsonElement> vars) =>
        assertion.Metric is { } metric && Template.TryParse(metric, assertion.Environment, out _)?.Render(vars, out _) is { Length: > 0 } name ? name : assertion.Metric;
}
