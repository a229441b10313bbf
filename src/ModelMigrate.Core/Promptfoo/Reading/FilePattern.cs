using System.Text;
using System.Text.RegularExpressions;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>A name of several files: <c>*</c> and <c>?</c> within a name, <c>**</c> over folders, <c>{a,b}</c>, <c>[a-c]</c>. Names that begin with a dot are matched only when the pattern has it.</summary>
internal sealed partial class FilePattern
{
    private readonly Regex _names;
    private readonly bool _hasDots;

    public FilePattern(string text)
    {
        text = text.StartsWith("./", StringComparison.Ordinal) ? text[2..] : text;
        var folder = text[..text.IndexOfAny(['*', '?', '[', '{'])].LastIndexOf('/');
        Folder = folder < 0 ? "" : text[..folder];
        IsDeep = text.AsSpan(folder + 1).Contains('/') || text.Contains("**", StringComparison.Ordinal);
        _hasDots = text.StartsWith('.') && !text.StartsWith("..", StringComparison.Ordinal) || text.Contains("/.", StringComparison.Ordinal) && !text.StartsWith("..", StringComparison.Ordinal);
        _names = new Regex($@"\A{Expression(text)}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    /// <summary>What all its files are below; empty for the folder of the configuration.</summary>
    public string Folder { get; }

    /// <summary>Whether folders below that one are looked into.</summary>
    public bool IsDeep { get; }

    public static bool IsPattern(string name) => Sign().IsMatch(name);

    public bool Matches(string name) => (_hasDots || !name.AsSpan(Folder.Length).Contains("/.", StringComparison.Ordinal) && !(Folder.Length == 0 && name.StartsWith('.'))) && _names.IsMatch(name);

    private static string Expression(string text)
    {
        var to = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var rest = text.AsSpan(i);
            if (rest.StartsWith("**/"))
            {
                to.Append("(?:[^/]+/)*");
                i += 2;
            }
            else if (rest[0] == '[' && rest.IndexOf(']') is > 1 and var end)
            {
                to.Append('[').Append(rest[1] is '!' or '^' ? "^" : "").Append(rest[(rest[1] is '!' or '^' ? 2 : 1)..end].ToString().Replace(@"\", @"\\", StringComparison.Ordinal)).Append(']');
                i += end;
            }
            else if (rest[0] == '{' && rest.IndexOf('}') is > 1 and var close)
            {
                to.Append("(?:").AppendJoin('|', rest[1..close].ToString().Split(',').Select(Expression)).Append(')');
                i += close;
            }
            else
            {
                to.Append(rest[0] switch { '*' => "[^/]*", '?' => "[^/]", var other => Regex.Escape(other.ToString()) });
                i += rest.StartsWith("**") ? 1 : 0;
            }
        }

        return to.ToString();
    }

    [GeneratedRegex(@"[*?]|\[[^\]/]+\]|\{[^{}]*,[^{}]*\}", RegexOptions.CultureInvariant, 250)]
    private static partial Regex Sign();
}
