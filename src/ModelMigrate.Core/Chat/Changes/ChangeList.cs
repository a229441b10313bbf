using System.Text;
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
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (change, times) in _changes.Take(MostShown))
        {
            text.Append(text.Length == 0 ? "" : "; ").Append(Visible(change.Field)).Append(": ").Append(Word(change.Kind));
            text.Append(change.Detail is null ? "" : " " + Visible(change.Detail)).Append(times == 1 ? "" : $" x{times}");
        }

        return text.Append(_changes.Count > MostShown ? $"; and {_changes.Count - MostShown} more" : "").ToString();
    }

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
