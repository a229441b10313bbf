namespace ModelMigrate.Core.Checks.Schemas.Keywords;

/// <summary>Which members of one object, or items of one array, some keyword has looked at: what the <c>unevaluated…</c> keywords leave alone.</summary>
internal sealed class Seen
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<int> _items = [];
    private bool _allNames;
    private int _before;

    public void Name(string name) => _names.Add(name);

    public void AllNames() => _allNames = true;

    public void Item(int index) => _items.Add(index);

    /// <summary>All items before <paramref name="end"/>.</summary>
    public void Items(int end) => _before = Math.Max(_before, end);

    public bool HasName(string name) => _allNames || _names.Contains(name);

    public bool HasItem(int index) => index < _before || _items.Contains(index);

    public void Add(Seen other)
    {
        _names.UnionWith(other._names);
        _items.UnionWith(other._items);
        _allNames |= other._allNames;
        _before = Math.Max(_before, other._before);
    }
}
