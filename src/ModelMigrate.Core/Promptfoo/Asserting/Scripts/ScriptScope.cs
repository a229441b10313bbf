using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Asserting.Scripts;

/// <summary>What an expression may look at.</summary>
internal sealed record ScriptScope(object? Output, IReadOnlyDictionary<string, JsonElement> Vars)
{
    /// <summary>Values of names that the expression was read with.</summary>
    public IReadOnlyDictionary<string, object?> Names { get; init; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    public static ScriptScope Of(GradedAnswer answer, IReadOnlyDictionary<string, JsonElement> vars) => new(answer.Value.ValueKind == JsonValueKind.Undefined ? answer.Output : ScriptValue.From(answer.Value), vars);
}
