using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Asserting.Scripts;

/// <summary>What an expression may look at.</summary>
internal sealed record ScriptScope(object? Output, IReadOnlyDictionary<string, JsonElement> Vars);
