using System.Text.Json;
using ModelMigrate.Core.Promptfoo.Asserting;
using ModelMigrate.Core.Promptfoo.Asserting.Scripts;

namespace ModelMigrate.Core.Promptfoo;

/// <summary>What is made of an answer before it is held against anything: an expression that is evaluated here, or a program.</summary>
/// <param name="Text">As written.</param>
public sealed record PromptfooTransform(string Text)
{
    /// <summary>The program; null where the expression is evaluated here.</summary>
    public PromptfooScript? Script { get; init; }

    internal ScriptExpression? Expression { get; init; }

    /// <summary>What the expression makes of an answer; null, and why, where JavaScript would throw or nothing comes of it.</summary>
    public GradedAnswer? TryApply(GradedAnswer answer, IReadOnlyDictionary<string, JsonElement> vars, out string fault)
    {
        fault = "";
        var made = Expression is null ? ScriptValue.Nothing.Only : Expression.Evaluate(ScriptScope.Of(answer, vars), out fault);
        var value = fault.Length == 0 ? ScriptValue.Json(made) : null;
        fault = fault.Length > 0 ? $"The transform '{Text}' ends with an error: {fault}." : value is null ? NoValue : "";
        return value is { } whole ? answer.With(whole) : null;
    }

    /// <summary>The same of what a program returned.</summary>
    public GradedAnswer? Take(GradedAnswer answer, JsonElement returned, out string fault)
    {
        fault = returned.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? NoValue : "";
        return fault.Length > 0 ? null : answer.With(returned);
    }

    private string NoValue => $"The transform '{Text}' returned no value.";
}
