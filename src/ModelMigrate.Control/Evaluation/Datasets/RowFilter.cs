namespace ModelMigrate.Control.Evaluation.Datasets;

/// <summary>Which rows are kept: those of which each named field has one of its values.</summary>
public sealed record RowFilter
{
    private static readonly string[] s_fields = ["tag", "cluster", "id"];

    private readonly SortedDictionary<string, SortedSet<string>> _wanted = new(StringComparer.Ordinal);

    public static RowFilter All { get; } = new();

    /// <summary>As it may be written again, in one order: part of what a dataset is.</summary>
    public string Text => string.Join(',', _wanted.SelectMany(static pair => pair.Value.Select(value => $"{pair.Key}={value}")));

    /// <summary>Reads <c>tag=hard</c>, <c>cluster=…</c> and <c>id=…</c>, or says all that is wrong.</summary>
    public static RowFilter? TryCreate(IEnumerable<string> terms, out IReadOnlyList<string> problems)
    {
        var (filter, wrong) = (new RowFilter(), new List<string>());
        problems = wrong;
        foreach (var term in terms)
        {
            var equals = term.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || equals == term.Length - 1 || !s_fields.Contains(term[..equals], StringComparer.Ordinal))
            {
                wrong.Add($"'{term}' is no filter; write tag=VALUE, cluster=VALUE or id=VALUE.");
                continue;
            }

            if (!filter._wanted.TryGetValue(term[..equals], out var values))
            {
                filter._wanted[term[..equals]] = values = new SortedSet<string>(StringComparer.Ordinal);
            }

            values.Add(term[(equals + 1)..]);
        }

        return wrong.Count == 0 ? filter : null;
    }

    public bool Keeps(string id, string? cluster, IReadOnlyList<string> tags) => _wanted.All(pair => pair.Key switch
    {
        "tag" => tags.Any(pair.Value.Contains),
        "cluster" => cluster is not null && pair.Value.Contains(cluster),
        _ => pair.Value.Contains(id),
    });
}
