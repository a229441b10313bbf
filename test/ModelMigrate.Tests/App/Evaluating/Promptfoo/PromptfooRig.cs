using System.Text;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Reading;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Reads configurations out of texts.</summary>
internal static class PromptfooRig
{
    public static (PromptfooConfig? Config, IReadOnlyList<ConfigProblem> Problems) Read(string text, PromptfooMode mode = PromptfooMode.Strict, params (string Name, string Text)[] files) =>
        PromptfooReader.Read("p.yaml", Opener(text, files), static _ => null, mode, list: Lister(files));

    /// <summary>With the switch that allows scripts.</summary>
    public static (PromptfooConfig? Config, IReadOnlyList<ConfigProblem> Problems) Scripts(string text, params (string Name, string Text)[] files) =>
        PromptfooReader.Read("p.yaml", Opener(text, files), static _ => null, PromptfooMode.Strict, allowsScripts: true);

    /// <summary>A whole configuration around the lines of one part.</summary>
    public static (PromptfooConfig? Config, IReadOnlyList<ConfigProblem> Problems) Tests(string tests, PromptfooMode mode = PromptfooMode.Strict, params (string Name, string Text)[] files) =>
        Read($"prompts: ['{{{{text}}}}']\nproviders: [echo]\n{tests}\n", mode, files);

    private static Func<string, Stream?> Opener(string text, (string Name, string Text)[] files) =>
        name => files.Append((Name: "p.yaml", Text: text)).Where(file => file.Name == name).Select(static file => new MemoryStream(Encoding.UTF8.GetBytes(file.Text))).FirstOrDefault();

    private static Func<string, bool, IEnumerable<string>> Lister((string Name, string Text)[] files) => (folder, isDeep) => files.Select(static file => file.Name)
        .Where(name => folder.Length == 0 || name.StartsWith($"{folder}/", StringComparison.Ordinal)).Where(name => isDeep || !name[(folder.Length == 0 ? 0 : folder.Length + 1)..].Contains('/', StringComparison.Ordinal));
}
