using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>The files that a configuration names, and everything that is wrong with any of them. Owned by one reading.</summary>
/// <param name="open">A file relative to the configuration's folder, or null when it cannot be read.</param>
/// <param name="list">Every file of a folder relative to the configuration's, those of folders below it when so asked.</param>
/// <param name="environment">A variable of the environment.</param>
internal sealed class SourceFiles(Func<string, Stream?> open, Func<string, bool, IEnumerable<string>> list, Func<string, string?> environment)
{
    public const string Scheme = "file://";

    /// <summary>Files that are read as a whole; tables and lines of JSON are not, and may be of any size.</summary>
    private const int MostBytes = 64 << 20;

    /// <summary>Files that are looked at for one pattern.</summary>
    private const int MostListed = 100_000;

    // By name: tests that each name the same file leave no trace each.
    private readonly OrderedDictionary<string, ProblemList> _lists = new(StringComparer.Ordinal);

    public Func<string, string?> Environment { get; set; } = environment;

    /// <summary>Providers that tests name, by what they are named for and what is written.</summary>
    public Dictionary<string, PromptfooProvider> Providers { get; } = new(StringComparer.Ordinal);

    public bool HasErrors => _lists.Values.Any(static list => list.HasErrors);

    public int Count => _lists.Values.Sum(static list => list.Count);

    public IReadOnlyList<ConfigProblem> Problems => [.. _lists.Values.SelectMany(static list => list.ToList())];

    public SourceFile Add(string name)
    {
        if (!_lists.TryGetValue(name, out var problems))
        {
            _lists[name] = problems = new ProblemList(name);
        }

        return new SourceFile(name, problems, this);
    }

    /// <summary>The text of a file that is named at a place; null after the reason was added there.</summary>
    public (SourceFile File, string Text)? Open(string reference, SourceFile from, YamlNode at)
    {
        if (OpenLines(reference, from, at) is not var (file, lines))
        {
            return null;
        }

        using (lines)
        {
            if (lines.BaseStream.Length > MostBytes)
            {
                from.Refuse(at, "file-size", $"The file '{MapReader.Shown(file.Name)}' is larger than {MostBytes >> 20} MB.", "Write tests as .jsonl or .csv, which are read line by line.");
                return null;
            }

            return Text(file, lines.ReadToEnd, from, at) is { } text ? (file, text) : null;
        }
    }

    public static bool IsRemote(string reference) => reference.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || reference.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The files that a reference means, by name; null after it was said that there is none.</summary>
    public IReadOnlyList<string>? Names(string reference, SourceFile from, YamlNode at)
    {
        var name = Name(reference);
        if (name.Contains("://", StringComparison.Ordinal) || !FilePattern.IsPattern(name))
        {
            return [reference];
        }

        var pattern = new FilePattern(name);
        var files = list(pattern.Folder, pattern.IsDeep).Take(MostListed + 1).ToList();
        var names = files.Where(pattern.Matches).Order(StringComparer.Ordinal).ToList();
        if (files.Count > MostListed)
        {
            from.Refuse(at, "file-pattern", $"'{MapReader.Shown(name)}' looks through more than {MostListed} files.", "Name the folder more closely.");
        }
        else if (names.Count == 0)
        {
            from.Refuse(at, "file-missing", $"No file is called '{MapReader.Shown(name)}'.", "Correct the pattern; it is relative to the configuration.");
        }

        return files.Count > MostListed || names.Count == 0 ? null : names;
    }

    /// <summary>A file to be read from its start on; null after the reason was added. <see cref="Text"/> reads of it.</summary>
    public (SourceFile File, StreamReader Lines)? OpenLines(string reference, SourceFile from, YamlNode at)
    {
        var name = Name(reference);
        var isRemote = IsRemote(name);
        if (open(name) is not { } stream)
        {
            if (isRemote)
            {
                from.Refuse(at, "file-missing", $"The table {Shown(name)} cannot be fetched.", "See that the address answers with at most 64 MB within a minute, or save it as a file.");
                return null;
            }

            from.Refuse(at, "file-missing", $"The file '{MapReader.Shown(name)}' cannot be read.", "Correct its name; it is relative to the configuration.");
            return null;
        }

        return (Add(isRemote ? Shown(name) : name), new StreamReader(stream, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false));
    }

    /// <summary>What is read of a file next; null after it was said that it is no text.</summary>
    public static string? Text(SourceFile file, Func<string?> read, SourceFile from, YamlNode at)
    {
        try
        {
            return read() is { } text ? text.StartsWith('\uFEFF') ? text[1..] : text : null;
        }
        catch (System.Text.DecoderFallbackException)
        {
            NotText(file, from, at);
            return null;
        }
    }

    /// <summary>The next character of a file, or -1.</summary>
    public static int Character(SourceFile file, StreamReader read, SourceFile from, YamlNode at)
    {
        try
        {
            return read.Read();
        }
        catch (System.Text.DecoderFallbackException)
        {
            NotText(file, from, at);
            return -1;
        }
    }

    /// <summary>A file of YAML or JSON as its nodes; null after the reasons were added to it.</summary>
    public (SourceFile File, YamlNode Root)? OpenTree(string reference, SourceFile from, YamlNode at) =>
        Open(reference, from, at) is var (file, text) ? Tree(file, text, line: 1) is { } root ? (file, root) : null : null;

    /// <summary>A text of YAML or JSON that begins on a line of its file.</summary>
    public static YamlNode? Tree(SourceFile file, string text, int line)
    {
        var faults = new List<YamlFault>();
        var root = YamlLoader.Load(text, faults, followsAliases: true);
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

    private static string Name(string reference) => reference.StartsWith(Scheme, StringComparison.Ordinal) ? reference[Scheme.Length..] : reference;

    /// <summary>An address without what may be secret in it.</summary>
    private static string Shown(string address) => Uri.TryCreate(address, UriKind.Absolute, out var url) ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : "at an address that is none";

    private static void NotText(SourceFile file, SourceFile from, YamlNode at) => from.Refuse(at, "file-encoding", $"The file '{MapReader.Shown(file.Name)}' is not UTF-8.", "Save it as UTF-8.");

    private static YamlPlace Moved(YamlPlace place, int line) => place with { Line = place.Line + line - 1 };

    private static YamlNode Moved(YamlNode node, int line) => node switch
    {
        YamlMapping map => map with { Entries = [.. map.Entries.Select(entry => new YamlEntry((YamlScalar)Moved(entry.Key, line), Moved(entry.Value, line)))], Start = Moved(map.Start, line), End = Moved(map.End, line) },
        YamlSequence list => list with { Items = [.. list.Items.Select(item => Moved(item, line))], Start = Moved(list.Start, line), End = Moved(list.End, line) },
        _ => node with { Start = Moved(node.Start, line), End = Moved(node.End, line) },
    };
}
