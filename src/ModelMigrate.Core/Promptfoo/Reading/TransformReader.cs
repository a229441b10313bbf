using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Asserting.Scripts;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads what is made of answers: an expression that is evaluated here, and with the switch for it lines of JavaScript or <c>file://t.js</c>, <c>file://t.py</c>.</summary>
internal static class TransformReader
{
    private const string HowToAllow = "Run with --allow-scripts, which lets the configuration's programs run in a folder of their own, or write one expression, for example JSON.parse(output).answer.";

    /// <summary>Null for none, and after the reason was added.</summary>
    public static PromptfooTransform? Read(YamlNode? node, SourceFile file, bool? allowsScripts)
    {
        if (node is null or { IsNull: true })
        {
            return null;
        }

        if (node is not YamlScalar { Text: { Length: > 0 } text } scalar)
        {
            file.Refuse(node, "wrong-type", "A transform must be a text that is not empty.", "Write for example 'transform: output.trim()'.");
            return null;
        }

        if (text.StartsWith(SourceFiles.Scheme, StringComparison.Ordinal))
        {
            return Program(scalar, file, allowsScripts, "get_transform") is { } program ? new PromptfooTransform(text) { Script = program } : null;
        }

        // Of one line promptfoo takes the value, of several what they return: it would throw on the first, and find nothing in the second.
        var returns = text.TrimStart().StartsWith("return", StringComparison.Ordinal);
        if (text.Contains('\n', StringComparison.Ordinal) ? !text.Contains("return", StringComparison.Ordinal) : returns)
        {
            file.Refuse(node, "bad-value", returns ? "The transform is one line, and returns." : "The transform has several lines, and returns nothing.", returns ? "Leave 'return' out." : "Write 'return' before its value, or all on one line.");
            return null;
        }

        if (ScriptExpression.TryParse(text, out var wrong) is { } expression)
        {
            return new PromptfooTransform(text) { Expression = expression };
        }

        if (allowsScripts == true)
        {
            return new PromptfooTransform(text) { Script = new PromptfooScript(ScriptLanguage.JavaScript, File: null, "", Function: null) };
        }

        file.Refuse(node, "not-run", $"The transform is not run here: {wrong}.", HowToAllow);
        return null;
    }

    /// <summary>The program that sums up a test's scores; null for none, and after the reason was added.</summary>
    public static PromptfooScript? Scoring(YamlNode? node, SourceFile file, bool? allowsScripts)
    {
        if (node is null or { IsNull: true })
        {
            return null;
        }

        if (node is YamlScalar { Text: var text } scalar && text.StartsWith(SourceFiles.Scheme, StringComparison.Ordinal))
        {
            return Program(scalar, file, allowsScripts, "func");
        }

        file.Refuse(node, "bad-value", "assertScoringFunction names no file.", "Write for example 'assertScoringFunction: file://score.js'; weights and a threshold need no program.");
        return null;
    }

    private static PromptfooScript? Program(YamlScalar node, SourceFile file, bool? allowsScripts, string pythonsName)
    {
        if (!ScriptReader.IsFile(node))
        {
            file.Refuse(node, "not-run", $"'{MapReader.Shown(node.Text)}' is no program that is run here.", "Name a file that ends with .js, .cjs, .mjs or .py.");
            return null;
        }

        if (allowsScripts != true)
        {
            file.Refuse(node, "not-run", $"'{MapReader.Shown(node.Text)}' is a program.", HowToAllow);
            return null;
        }

        var language = ScriptReader.IsPython(node) ? ScriptLanguage.Python : ScriptLanguage.JavaScript;
        return ScriptReader.Read(language, node, file) is { } script ? script with { Function = script.Function ?? (language == ScriptLanguage.Python ? pythonsName : null) } : null;
    }
}
