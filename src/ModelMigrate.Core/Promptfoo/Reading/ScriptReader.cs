using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads the programs that assertions name: <c>file://check.py</c>, <c>file://check.js:function</c>.</summary>
internal static class ScriptReader
{
    private static readonly string[] s_javaScript = [".js", ".cjs", ".mjs"];
    private static readonly string[] s_programs = [.. s_javaScript, ".py", ".ts", ".rb"];

    public static ScriptLanguage? Language(string type) => type switch { "javascript" => ScriptLanguage.JavaScript, "python" => ScriptLanguage.Python, _ => null };

    public static bool IsFile(YamlNode? value) => value is YamlScalar { Text: var text } && text.StartsWith(SourceFiles.Scheme, StringComparison.Ordinal) && s_programs.Contains(Path.GetExtension(Split(text).File), StringComparer.Ordinal);

    public static bool IsPython(YamlScalar value) => Path.GetExtension(Split(value.Text).File) == ".py";

    public static PromptfooScript? Read(ScriptLanguage language, YamlScalar value, SourceFile from)
    {
        var (name, function) = Split(value.Text);
        var fits = language == ScriptLanguage.Python ? Path.GetExtension(name) == ".py" : s_javaScript.Contains(Path.GetExtension(name), StringComparer.Ordinal);
        if (!fits)
        {
            from.Refuse(value, "not-run", $"'{MapReader.Shown(name)}' is no {(language == ScriptLanguage.Python ? "Python" : "JavaScript")}.", $"Name a file that ends with {(language == ScriptLanguage.Python ? ".py" : ".js, .cjs or .mjs")}.");
            return null;
        }

        return from.Files.Open(name, from, value) is var (_, code) ? new PromptfooScript(language, Path.GetFileName(name), code, function) : null;
    }

    private static (string File, string? Function) Split(string text)
    {
        var name = text[SourceFiles.Scheme.Length..];
        var colon = name.LastIndexOf(':');
        return colon > 1 ? (name[..colon], name[(colon + 1)..]) : (name, null);
    }
}
