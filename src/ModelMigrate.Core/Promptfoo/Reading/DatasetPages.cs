using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>
/// Reads rows of a data set of Hugging Face's, <c>huggingface://datasets/OWNER/NAME?split=test&amp;limit=50</c>, page by page from its data set server. Each row is a test whose
/// variables are its columns; lists stay lists.
/// </summary>
public static class DatasetPages
{
    internal const string Scheme = "huggingface://datasets/";

    /// <summary>Whose rows are asked for when nothing else is said.</summary>
    public const string Server = "https://datasets-server.huggingface.co";

    /// <summary>The variable that names another server.</summary>
    public const string ServerVariable = "HF_DATASETS_SERVER";

    /// <summary>The server's own limit.</summary>
    private const int Page = 100;

    /// <summary>Without a limit of one's own.</summary>
    private const int MostRows = 100_000;

    internal static IEnumerable<TestDraft> Read(YamlScalar reference, SourceFile from)
    {
        if (Address(reference, from) is not var (address, limit))
        {
            yield break;
        }

        for (var offset = 0; offset < limit;)
        {
            var length = Math.Min(Page, limit - offset);
            if (from.Files.Open(string.Create(CultureInfo.InvariantCulture, $"{address}&offset={offset}&length={length}"), from, reference) is not var (_, text))
            {
                yield break;
            }

            if (Rows(text) is not var (rows, all) || (rows.Count == 0 && offset < all))
            {
                from.Refuse(reference, "no-rows", "The data set server answers without rows.", "See that the data set has that split and config, and is public, or that HF_TOKEN may read it.");
                yield break;
            }

            if (all > MostRows && limit == MostRows)
            {
                from.Refuse(reference, "too-many-rows", string.Create(CultureInfo.InvariantCulture, $"The data set has {all} rows."), "Write how many are tests, for example &limit=1000, or download them as .jsonl.");
                yield break;
            }

            foreach (var row in rows)
            {
                yield return new TestDraft { Vars = row, KeepsLists = true };
            }

            offset += rows.Count;
            if (offset >= all)
            {
                yield break;
            }
        }
    }

    /// <summary>The address without the page, and how many rows are wanted; null after the reason was added.</summary>
    private static (string Address, int Limit)? Address(YamlScalar reference, SourceFile from)
    {
        var (path, query) = reference.Text[Scheme.Length..].Split('?', 2) is [var before, var after] ? (before, after) : (reference.Text[Scheme.Length..], "");
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["config"] = "default", ["split"] = "test" };
        // Not HttpUtility.ParseQueryString: it joins what stands twice, loses a name without a value, and reads %u0041 as an A.
        foreach (var pair in query.Replace('+', ' ').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right] ? (left, right) : (pair, "");
            values[Uri.UnescapeDataString(name)] = Uri.UnescapeDataString(value);
        }

        var limit = MostRows;
        if (path.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
        {
            from.Refuse(reference, "bad-url", $"'{MapReader.Shown(path)}' names no data set.", $"Write for example {Scheme}OWNER/NAME?split=test&limit=100.");
            return null;
        }

        if (values.Remove("limit", out var written) && (!int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > 1_000_000))
        {
            from.Refuse(reference, "bad-number", $"limit: '{MapReader.Shown(written)}' is no whole number from 1 to 1000000.", "Write for example limit=100.");
            return null;
        }

        var server = (from.Files.Environment(ServerVariable) is { Length: > 0 } other ? other : Server).TrimEnd('/');
        return ($"{server}/rows?dataset={Uri.EscapeDataString(path)}{string.Concat(values.Select(static pair => $"&{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"))}", limit);
    }

    private static (List<OrderedDictionary<string, JsonElement>> Rows, long All)? Rows(string page)
    {
        try
        {
            using var json = JsonDocument.Parse(page);
            List<OrderedDictionary<string, JsonElement>> rows =
            [
                .. json.RootElement.GetProperty("rows").EnumerateArray().Select(static each =>
                    new OrderedDictionary<string, JsonElement>(each.GetProperty("row").EnumerateObject().Select(static column => KeyValuePair.Create(column.Name, column.Value.Clone())), StringComparer.Ordinal)),
            ];
            return (rows, json.RootElement.GetProperty("num_rows_total").GetInt64());
        }
        catch (Exception unlike) when (unlike is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
