using System.Text.Json;
using System.Text.RegularExpressions;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>Fills variables that name other variables, as promptfoo does: <c>{{name}}</c> alone, at most five rounds; a last line end is dropped.</summary>
public static partial class VarResolution
{
    private const int Rounds = 5;

    public static IReadOnlyDictionary<string, JsonElement> Of(IReadOnlyDictionary<string, JsonElement> vars)
    {
        if (!vars.Any(static pair => pair.Value.ValueKind == JsonValueKind.String && pair.Value.GetString() is var text && (text!.EndsWith('\n') || text.Contains("{{", StringComparison.Ordinal))))
        {
            return vars;
        }

        var resolved = new OrderedDictionary<string, JsonElement>(vars, StringComparer.Ordinal);
        var isChanged = true;
        for (var round = 0; round < Rounds && isChanged; round++)
        {
            isChanged = false;
            foreach (var name in vars.Keys)
            {
                if (resolved[name].ValueKind == JsonValueKind.String && resolved[name].GetString() is var text && Reference().Match(text!) is { Success: true } match
                    && resolved.TryGetValue(match.Groups["name"].Value, out var other) && other.ValueKind != JsonValueKind.Undefined)
                {
                    resolved[name] = TemplateText.From(string.Concat(text.AsSpan(0, match.Index), TemplateText.Of(other), text.AsSpan(match.Index + match.Length)));
                    isChanged = true;
                }
            }
        }

        foreach (var name in vars.Keys)
        {
            if (resolved[name].ValueKind == JsonValueKind.String && resolved[name].GetString() is { } text && text.EndsWith('\n'))
            {
                resolved[name] = TemplateText.From(text[..^1]);
            }
        }

        return resolved;
    }

    [GeneratedRegex(@"\{\{\s*(?<name>[A-Za-z0-9_]+)\s*\}\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();
}
