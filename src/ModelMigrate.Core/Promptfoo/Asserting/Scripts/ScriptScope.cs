using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Asserting.Scripts;

/// <summary>What an expression may look at.</summary>
internal sealed record ScriptScope(object? Output, IReadOnlyDictionary<string, JsonElement> Vars)
{
    /// <summary>Values of names that the expression was read with.</summary>
    public IReadOnlyDictionary<string, object?> Names { get; init; } = new Dictionary<string, object?>(StringComparer.Ordinal);
}
