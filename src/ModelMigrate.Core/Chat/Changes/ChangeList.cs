using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Core.Chat.Changes;

/// <summary>
/// The differences between what a client asked for and what a model was sent. Equal ones are counted, not repeated. Written as
/// <c>temperature: clamped 1.4-&gt;1; logprobs: dropped; messages.cache_control: dropped x3</c>. Not thread-safe.
/// </summary>
public sealed class ChangeList
{
    private const int MostShown = 20;
    private const int LongestName = 64;

    private readonly List<(ChatChange Change, int Times)> _changes = [];

    public bool IsEmpty => _changes.Count == 0;

    public IEnumerable<ChatChange> All => _changes.Select(c => c.Change);

    public void Dropped(string field) => Add(new ChatChange(field, ChangeKind.Dropped));

    /// <summary>The same of a stream, whose every event may hold it.</summary>
    public void DroppedOnce(string field)
    {
        var change = new ChatChange(field, ChangeKind.Dropped);
        if (!_changes.Exists(c => c.Change == change))
        {
            Add(change);
        }
    }

    public void Clamped(string field, double from, double to) => Add(new ChatChange(field, ChangeKind.Clamped, $"{from:0.###}->{to:0.###}"));

    public void Renamed(string field, string to) => Add(new ChatChange(field, ChangeKind.Renamed, to));

    public void Add(ChatChange change)
    {
        for (var i = 0; i < _changes.Count; i++)
        {
            if (_changes[i].Change == change)
            {
                _changes[i] = (change, _changes[i].Times + 1);
                return;
            }
        }

        _changes.Add((change, 1));
    }

    /// <summary>The refusal of a request that a model could only be asked changed, or null when nothing had to be.</summary>
    public ChatError? Refusal(ModelId model) => IsEmpty ? null
        : new ChatError(ChatErrorKind.Request, $"The model '{model}' cannot be asked this as it stands: {this}. The route rejects changes; leave these out.")
        {
            Status = 400, Code = "unsupported_parameter", Field = All.First().Field,
        };

    /// <summary>One line of visible ASCII, as a header carries it; empty for no changes.</summary>
    public override string ToString() => string.Join("; ", Lines());

    /// <summary>One text of visible ASCII for each change; beyond twenty, how many more there are.</summary>
    public IReadOnlyList<string> Lines()
    {
        var lines = new List<string>(_changes.Take(MostShown).Select(static c => Line(c.Change, c.Times)));
        if (_changes.Count > MostShown)
        {
            lines.Add($"and {_changes.Count - MostShown} more");
        }

        return lines;
    }

    private static string Line(ChatChange change, int times) =>
        $"{Visible(change.Field)}: {Word(change.Kind)}{(change.Detail is null ? "" : " " + Visible(change.Detail))}{(times == 1 ? "" : $" x{times}")}";

    private static string Word(ChangeKind kind) => kind switch
    {
        ChangeKind.Dropped => "dropped",
        ChangeKind.Clamped => "clamped",
        ChangeKind.Renamed => "renamed",
    };

    /// <summary>A client chooses its fields' names, and a header must stay one line.</summary>
    private static string Visible(string text)
    {
        var shown = text.Length <= LongestName ? text : text[..LongestName];
        return shown.All(IsVisible) ? shown : string.Concat(shown.Select(c => IsVisible(c) ? c : '?'));
    }

    private static bool IsVisible(char c) => c is > ' ' and < '\x7f' and not (';' or ',') || c == ' ';
}
