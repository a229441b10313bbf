using System.Globalization;

namespace ModelMigrate.Core.Promptfoo.Asserting.Values;

/// <summary>An element in a text: where it begins, where it ends, and what stands in it. Owned by the scan that made it.</summary>
internal sealed class XmlSpan(string name, int start, IReadOnlyList<string> attributes)
{
    public string Name => name;

    public int Start => start;

    /// <summary>After its last character; 0 while it is not closed.</summary>
    public int End { get; set; }

    public List<XmlSpan> Children { get; } = [];

    /// <summary>Whether a path of names leads to an element. Of elements that share a name the next part of the path is the number, as promptfoo has it; <c>@_name</c> is an attribute.</summary>
    public static bool Has(IReadOnlyList<XmlSpan> among, ReadOnlySpan<string> path)
    {
        var key = path[0];
        var found = among.Where(each => each.Name == key).ToList();
        if (found.Count == 0 || path.Length == 1)
        {
            return found.Count > 0;
        }

        if (found.Count == 1)
        {
            return found[0].Holds(path[1..]);
        }

        return int.TryParse(path[1], NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < found.Count && path[1] == at.ToString(CultureInfo.InvariantCulture) && (path.Length == 2 || found[at].Holds(path[2..]));
    }

    private bool Holds(ReadOnlySpan<string> path) => path[0].StartsWith("@_", StringComparison.Ordinal) ? path.Length == 1 && attributes.Contains(path[0][2..], StringComparer.Ordinal) : Has(Children, path);
}
