using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>The files that a configuration names, and everything that is wrong with any of them. Owned by one reading.</summary>
/// <param name="read">The bytes of a file relative to the configuration's folder, or null when it cannot be read.</param>
/// <param name="environment">A variable of the environment.</param>
internal sealed class SourceFiles(Func<string, byte[]?> read, Func<string, string?> environment)
{
    public const string Scheme = "file://";

    private readonly List<ProblemList> _lists = [];

    public Func<string, string?> Environment { get; set; } = environment;

    public bool HasErrors => _lists.Exists(static list => list.HasErrors);

    public IReadOnlyList<ConfigProblem> Problems => [.. _lists.SelectMany(static list => list.ToList())];

    public SourceFile Add(string name)
    {
        var problems = new ProblemList(name);
        _lists.Add(problems);
        return new SourceFile(name, problems, this);
    }

    /// <summary>The text of a file that is named at a place; null after the reason was added there.</summary>
    public (SourceFile File, string Text)? Open(string reference, SourceFile from, YamlNode at)
    {
        var name = reference.StartsWith(Scheme, StringComparison.Ordinal) ? reference[Scheme.Length..] : reference;
        if (name.Contains('*', StringComparison.Ordinal))
        {
            from.Refuse(at, "file-pattern", $"'{MapReader.Shown(name)}' names several files at once.", "Write one entry for each file.");
            return null;
        }

        if (read(name) is not { } bytes)
        {
            from.Refuse(at, "file-missing", $"The file '{MapReader.Shown(name)}' cannot be read.", "Correct its name; it is relative to the configuration.");
            return null;
        }

        var file = Add(name);
        if (Utf8(bytes) is { } text)
        {
            return (file, text);
        }

        from.Refuse(at, "file-encoding", $"The file '{MapReader.Shown(name)}' is not UTF-8.", "Save it as UTF-8.");
        return null;
    }

    /// <summary>A file of YAML or JSON as its nodes; null after the reasons were added to it.</summary>
    public (SourceFile File, YamlNode Root)? OpenTree(string reference, SourceFile from, YamlNode at) =>
        Open(reference, from, at) is var (file, text) ? Tree(file, text, line: 1) is { } root ? (file, root) : null : null;

    /// <summary>A text of YAML or JSON that begins on a line of its file.</summary>
    public static YamlNode? Tree(SourceFile file, string text, int line)
    {
        var faults = new List<YamlFault>();
        var root = YamlLoader.Load(text, faults);
        foreach (var fault in faults)
        {
            file.Problems.Add(fault with { Place = Moved(fault.Place, line) });
        }

        if (root is null && faults.Count == 0)
        {
            file.Problems.Add(new YamlFault(new YamlPlace(line, 1, 0), "file-empty", "Nothing is written here.", "Write what the configuration expects of this file."));
        }

        return faults.Count > 0 || root is null ? null : line == 1 ? root : Moved(root, line);
    }

    private static YamlPlace Moved(YamlPlace place, int line) => place with { Line = place.Line + line - 1 };

    private static YamlNode Moved(YamlNode node, int line) => node switch
    {
        YamlMapping map => map with { Entries = [.. map.Entries.Select(entry => new YamlEntry((YamlScalar)Moved(entry.Key, line), Moved(entry.Value, line)))], Start = Moved(map.Start, line), End = Moved(map.End, line) },
        YamlSequence list => list with { Items = [.. list.Items.Select(item => Moved(item, line))], Start = Moved(list.Start, line), End = Moved(list.End, line) },
        _ => node with { Start = Moved(node.Start, line), End = Moved(node.End, line) },
    };

    private static string? Utf8(byte[] bytes)
    {
        try
        {
            return new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes) is var text && text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (System.Text.DecoderFallbackException)
        {
            return null;
        }
    }
}
