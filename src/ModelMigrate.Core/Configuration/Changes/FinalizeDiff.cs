using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Observing;

namespace ModelMigrate.Core.Configuration.Changes;

/// <summary>
/// Edits a configuration file after a migration ended, touching only the lines concerned, so that comments and formatting stay:
/// a completed migration's target becomes the route's model; an ended one leaves the file.
/// </summary>
public static class FinalizeDiff
{
    /// <summary>The change after completion (<paramref name="completed"/>) or after a rollback; null when the text cannot be read as YAML.</summary>
    public static FinalizeResult? Create(string text, string fileName, MigrationId migration, bool completed)
    {
        var faults = new List<YamlFault>();
        var mark = text.StartsWith('\uFEFF') ? "\uFEFF" : "";
        var body = text[mark.Length..];
        if (YamlLoader.Load(body, faults) is not YamlMapping root || faults.Count > 0)
        {
            return null;
        }

        var edits = new List<TextEdit>();
        if (root.Find("migrations")?.Value is YamlMapping migrations && migrations.Find(migration.Value) is { } entry)
        {
            if (completed && entry.Value is YamlMapping declared
                && declared.Find("to")?.Value is YamlScalar target && declared.Find("route")?.Value is YamlScalar route
                && ModelOf(root, route.Text) is { } model && !string.Equals(model.Text, target.Text, StringComparison.Ordinal))
            {
                edits.Add(new(model.Start.Index, model.End.Index, Written(body, target)));
                // The two change places: the target is no fallback of itself, the source stays one.
                edits.AddRange(FallbacksOf(root, route.Text)
                    .Where(fallback => string.Equals(fallback.Text, target.Text, StringComparison.Ordinal))
                    .Select(fallback => new TextEdit(fallback.Start.Index, fallback.End.Index, Written(body, model))));
                edits.AddRange(LargerContextOf(body, root, route.Text, target.Text));
            }

            edits.Add(migrations.Entries.Count == 1
                ? Removal(body, root, root.Find("migrations")!)
                : Removal(body, migrations, entry));
        }

        var changed = edits.OrderByDescending(edit => edit.Start).Aggregate(body, (current, edit) => edit.Apply(current));
        return new(mark + changed, UnifiedDiff.Create(body, changed, fileName));
    }

    // As the person wrote it; quoted where the new place may stand inside braces.
    private static string Written(string text, YamlScalar value) => value.IsPlain && value.Text.AsSpan().IndexOfAny(",[]{}") >= 0
        ? $"'{value.Text.Replace("'", "''", StringComparison.Ordinal)}'"
        : text[value.Start.Index..value.End.Index];

    private static YamlScalar? ModelOf(YamlMapping root, string route) =>
        (root.Find("routes")?.Value as YamlMapping)?.Find(route)?.Value switch
        {
            YamlScalar model => model,
            YamlMapping group => group.Find("model")?.Value as YamlScalar,
            _ => null,
        };

    private static IEnumerable<YamlScalar> FallbacksOf(YamlMapping root, string route) =>
        (root.Find("routes")?.Value as YamlMapping)?.Find(route)?.Value is YamlMapping group && group.Find("fallback")?.Value is YamlSequence list
            ? list.Items.OfType<YamlScalar>()
            : [];

    /// <summary>The target has no larger context than itself, and the source it replaces was asked for a smaller one: the key goes.</summary>
    private static IEnumerable<TextEdit> LargerContextOf(string text, YamlMapping root, string route, string target) =>
        (root.Find("routes")?.Value as YamlMapping)?.Find(route)?.Value is YamlMapping group && group.Find("largerContext") is { Value: YamlScalar larger } entry
            && string.Equals(larger.Text, target, StringComparison.Ordinal)
            ? [Removal(text, group, entry)]
            : [];

    private static TextEdit Removal(string text, YamlMapping parent, YamlEntry entry)
    {
        var start = entry.Key.Start.Index;
        var end = Math.Max(entry.Value.End.Index, entry.Key.End.Index);
        if (parent.IsFlow)
        {
            return FlowRemoval(text, parent, entry, start, end);
        }

        // Whole lines: from the key, with the comment lines right above it, to the end of its last line.
        var from = LineStart(text, start);
        while (from > 0 && text[LineStart(text, from - 1)..from].Trim() is ['#', ..] comment && Belongs(text, comment, from, start))
        {
            from = LineStart(text, from - 1);
        }

        var to = end > 0 && text[end - 1] == '\n' ? end : LineEnd(text, end);
        // The blank line that set the entry apart goes with it.
        if (from > 0 && (to >= text.Length || text[to..LineEnd(text, to)].Trim().Length == 0) && text[LineStart(text, from - 1)..from].Trim().Length == 0)
        {
            from = LineStart(text, from - 1);
        }

        return new(from, to, "");
    }

    // A comment belongs to the entry under it when it stands at the same indentation.
    private static bool Belongs(string text, string comment, int from, int start)
    {
        var above = LineStart(text, from - 1);
        return comment.Length > 0 && text.IndexOf('#', above) - above == start - LineStart(text, start);
    }

    private static TextEdit FlowRemoval(string text, YamlMapping parent, YamlEntry entry, int start, int end)
    {
        // One comma goes with the entry: the one after it, or for the last entry the one before.
        var index = parent.Entries.TakeWhile(other => !ReferenceEquals(other, entry)).Count();
        return index + 1 < parent.Entries.Count
            ? new(start, parent.Entries[index + 1].Key.Start.Index, "")
            : new(index > 0 ? Math.Max(parent.Entries[index - 1].Value.End.Index, parent.Entries[index - 1].Key.End.Index) : start, end, "");
    }

    private static int LineStart(string text, int index) => index <= 0 ? 0 : text.LastIndexOf('\n', index - 1) + 1;

    private static int LineEnd(string text, int index)
    {
        var end = index >= text.Length ? -1 : text.IndexOf('\n', index);
        return end < 0 ? text.Length : end + 1;
    }
}
