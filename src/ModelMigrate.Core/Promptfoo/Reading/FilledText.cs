using System.Text.Json;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads a text of a provider's configuration in which <c>{{env.NAME}}</c> is filled.</summary>
internal static class FilledText
{
    private static readonly Dictionary<string, JsonElement> s_noVariables = new(StringComparer.Ordinal);

    /// <summary>Null for none, and after the reason was added.</summary>
    public static string? Of(YamlMapping config, string key, SourceFile file, Func<string, string?> environment)
    {
        if (file.Text(config, key) is not { } text)
        {
            return null;
        }

        if (Template.TryParse(text, environment, out var wrong) is { } template && template.Render(s_noVariables, out _) is { } filled)
        {
            return filled;
        }

        file.Refuse(config.Find(key)!.Value, "template", $"In {key} {wrong}.", "Write {{env.NAME}} for a variable of the environment.");
        return null;
    }
}
