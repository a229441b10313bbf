using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Control.Evaluation.Datasets;

/// <summary>Which column of the data each field of a row is read from; a field that is not mapped is read from the column of its own name.</summary>
public sealed record ColumnMap
{
    /// <summary>Every field that a row has.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["id", "prompt", "messages", "system", "reference", "references", "cluster", "tags", "metadata"];

    private readonly Dictionary<string, string> _columns = new(StringComparer.Ordinal);

    public static ColumnMap None { get; } = new();

    /// <summary>The pairs that were given, in the order of the fields: part of what a dataset is.</summary>
    public IEnumerable<KeyValuePair<string, string>> Given => Fields.Where(_columns.ContainsKey).Select(name => KeyValuePair.Create(name, _columns[name]));

    /// <summary>The column of a field.</summary>
    public string this[string field] => _columns.GetValueOrDefault(field, field);

    public bool Has(string field) => _columns.ContainsKey(field);

    /// <summary>Reads <c>prompt=question,reference=answer</c>, or says all that is wrong with it.</summary>
    public static ColumnMap? TryParse(string text, out IReadOnlyList<string> problems) =>
        TryCreate(text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static part =>
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            return equals < 0 ? KeyValuePair.Create(part, "") : KeyValuePair.Create(part[..equals].Trim(), part[(equals + 1)..].Trim());
        }), out problems);

    /// <summary>The map of field to column, or all that is wrong with it.</summary>
    public static ColumnMap? TryCreate(IEnumerable<KeyValuePair<string, string>> pairs, out IReadOnlyList<string> problems)
    {
        var (map, wrong) = (new ColumnMap(), new List<string>());
        problems = wrong;
        foreach (var (field, column) in pairs)
        {
            if (!Fields.Contains(field, StringComparer.Ordinal))
            {
                wrong.Add($"'{field}' is no field of a row; {(NearestName.Of(field, Fields) is { } near ? $"did you mean '{near}'?" : $"they are {string.Join(", ", Fields)}.")}");
            }
            else if (column.Length == 0)
            {
                wrong.Add($"'{field}' has no column; write {field}=COLUMN.");
            }
            else if (!map._columns.TryAdd(field, column))
            {
                wrong.Add($"'{field}' is mapped twice; keep one.");
            }
        }

        return wrong.Count == 0 ? map : null;
    }
}
