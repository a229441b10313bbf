using System.Text.RegularExpressions;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads prompts: texts, conversations, and files of them.</summary>
internal sealed partial class PromptReader(SourceFile file)
{
    private static readonly string[] s_texts = [".txt", ".md", ".json", ".yaml", ".yml", ".jsonl"];
    private static readonly string[] s_programs = [".js", ".ts", ".mjs", ".cjs", ".py", ".rb", ".sh"];

    private readonly List<PromptfooPrompt> _prompts = [];

    public IReadOnlyList<PromptfooPrompt> Read(YamlNode? node)
    {
        foreach (var item in node is YamlMapping ? [] : SourceFile.Items(node))
        {
            One(item);
        }

        if (node is YamlMapping)
        {
            file.Refuse(node, "wrong-type", "prompts is a group of keys.", "Write a list, each entry a text or {raw: …, label: …}.");
        }

        return _prompts;
    }

    private void One(YamlNode item)
    {
        switch (item)
        {
            case YamlScalar scalar:
                Add(scalar.Text, label: null, scalar);
                break;
            case YamlSequence:
                Add(TemplateText.Json(YamlJson.Convert(item)), label: null, item);
                break;
            default:
                if (file.Keys(item, "A prompt", ["id", "raw", "label"], new Dictionary<string, string>(StringComparer.Ordinal) { ["config"] = "Write it into the provider's config.", ["function"] = "That is a program; write the prompt out." }) is { } map)
                {
                    if ((file.Text(map, "raw") ?? file.Text(map, "id")) is { } text)
                    {
                        Add(text, file.Text(map, "label"), item);
                    }
                    else
                    {
                        file.Refuse(item, "missing-key", "The prompt has neither 'raw' nor 'id'.", "Write 'raw: the text', or 'id: file://prompt.txt'.");
                    }
                }

                break;
        }
    }

    private void Add(string text, string? label, YamlNode at)
    {
        var isFile = text.StartsWith(SourceFiles.Scheme, StringComparison.Ordinal);
        var ending = text.Contains('\n', StringComparison.Ordinal) || text.Contains(' ', StringComparison.Ordinal) && !isFile ? "" : Path.GetExtension(text.Split(':')[^1]);
        if (s_programs.Contains(ending, StringComparer.Ordinal) && (isFile || !text.Contains('{', StringComparison.Ordinal)))
        {
            file.Refuse(at, "not-run", $"The prompt '{MapReader.Shown(text)}' is a program.", "Write the prompt as a text with {{variables}}.");
        }
        else if (!isFile && !s_texts.Contains(ending, StringComparer.Ordinal))
        {
            Add(text, label, at, file);
        }
        else
        {
            foreach (var name in file.Files.Names(text, file, at) ?? [])
            {
                Opened(name, label, at);
            }
        }
    }

    private void Opened(string name, string? label, YamlNode at)
    {
        if (!s_texts.Contains(Path.GetExtension(name), StringComparer.Ordinal))
        {
            file.Refuse(at, "not-run", $"The file '{MapReader.Shown(name)}' is a program, or of a kind that is not read.", $"Prompts are read from {string.Join(", ", s_texts)}.");
        }
        else if (file.Files.Open(name, file, at) is var (opened, content))
        {
            foreach (var (raw, line) in Cut(opened, content, Path.GetExtension(name)))
            {
                Add(raw, label ?? $"{opened.Name}: {raw}", new YamlScalar("", IsPlain: false, new YamlPlace(line, 1, 0), new YamlPlace(line, 1, 0)), opened);
            }
        }
    }

    private void Add(string raw, string? label, YamlNode at, SourceFile within)
    {
        if (raw.Trim().Length == 0)
        {
            within.Refuse(at, "prompt-empty", "The prompt is empty.", "Write a text, or remove it.");
        }
        else if (PromptfooPrompt.TryRead(raw, label, file.Files.Environment, out var wrong) is { } prompt)
        {
            _prompts.Add(prompt);
        }
        else
        {
            within.Refuse(at, "template", $"In the prompt {wrong}.", "Prepare the text in a variable, and write {{variable}}.");
        }
    }

    private static IEnumerable<(string Raw, int Line)> Cut(SourceFile file, string content, string ending)
    {
        switch (ending)
        {
            case ".json":
                return [(content.Trim(), 1)];
            case ".yaml" or ".yml":
                return SourceFiles.Tree(file, content, line: 1) is { } root ? [(root is YamlScalar text ? text.Text : TemplateText.Json(YamlJson.Convert(root)), 1)] : [];
            case ".jsonl":
                return content.Split('\n').Select(static (line, i) => (line.Trim(), i + 1)).Where(static each => each.Item1.Length > 0);
            default:
                var (prompts, from) = (new List<(string, int)>(), 1);
                foreach (var part in Separator().Split(content.ReplaceLineEndings("\n")))
                {
                    if (part.Trim().Length > 0)
                    {
                        prompts.Add((part.Trim(), from));
                    }

                    from += part.Count(static c => c == '\n') + 1;
                }

                return prompts;
        }
    }

    [GeneratedRegex(@"^---[ \t]*$", RegexOptions.Multiline | RegexOptions.CultureInvariant, 250)]
    private static partial Regex Separator();
}
