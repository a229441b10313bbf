using System.Globalization;
using System.Text.RegularExpressions;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Asserting;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads rows of a table as tests: columns are variables, but for those that begin with two underscores.</summary>
internal static partial class CsvTests
{
    private const string Metadata = "__metadata:";

    /// <param name="next">The next character of the table, or -1.</param>
    /// <param name="file">What is wrong with it.</param>
    public static IEnumerable<YamlNode> Read(Func<int> next, SourceFile file) => Read(Records(next, file), file);

    /// <param name="records">Rows with their places, of which the first names the columns.</param>
    /// <param name="file">What is wrong with them.</param>
    public static IEnumerable<YamlNode> Read(IEnumerable<(int Line, IReadOnlyList<string> Cells)> records, SourceFile file)
    {
        IReadOnlyList<string>? header = null;
        foreach (var (line, cells) in records)
        {
            if (header is null)
            {
                header = cells;
                Header(header, line, file);
            }
            else if (cells is not [""])
            {
                yield return Test(header, cells, line, file);
            }
        }
    }

    private static void Header(IReadOnlyList<string> header, int line, SourceFile file)
    {
        foreach (var name in header.Where(static name => name.StartsWith("__", StringComparison.Ordinal) && !IsKnown(name)))
        {
            file.Refuse(At("", line), "unknown-column", $"The column '{MapReader.Shown(name)}' is not known.",
                NearestName.Of(name, ["__expected", "__expected1", "__description", "__prefix", "__suffix", "__metric", "__threshold"]) is { } near ? $"Write '{near}'." : "Columns with two underscores are __expected, __expectedN, __description, __prefix, __suffix, __metric, __threshold, __metadata:KEY, __config:__expected:threshold.");
        }

        foreach (var name in header.Where(static name => name.StartsWith('_') && !name.StartsWith("__", StringComparison.Ordinal) && IsKnown("_" + name)))
        {
            file.Warn(At("", line), "one-underscore", $"The column '{name}' is read as a variable.", $"Write '_{name}' if it is meant to be checked.");
        }
    }

    private static bool IsKnown(string name) => name.StartsWith(Metadata, StringComparison.Ordinal) || ConfigColumn().IsMatch(name) || ExpectedColumn().IsMatch(name)
        || name is "__description" or "__prefix" or "__suffix" or "__metric" or "__threshold";

    private static YamlMapping Test(IReadOnlyList<string> header, IReadOnlyList<string> cells, int line, SourceFile file)
    {
        var (test, vars, metadata, options, asserts) = (new List<YamlEntry>(), new List<YamlEntry>(), new List<YamlEntry>(), new List<YamlEntry>(), new List<YamlMapping>());
        var (metric, settings) = ("", new Dictionary<int, List<YamlEntry>>());
        for (var i = 0; i < header.Count; i++)
        {
            var (name, cell) = (header[i], i < cells.Count ? cells[i] : "");
            if (name.StartsWith(Metadata, StringComparison.Ordinal))
            {
                var isList = name.EndsWith("[]", StringComparison.Ordinal);
                var key = name[Metadata.Length..(isList ? ^2 : ^0)];
                metadata.Add(Entry(key, isList ? new YamlSequence([.. Unescaped().Split(cell).Select(part => At(part.Replace("\\,", ",", StringComparison.Ordinal).Trim(), line))], IsFlow: true, Place(line), Place(line)) : At(cell, line), line));
            }
            else if (ConfigColumn().Match(name) is { Success: true } config)
            {
                var number = config.Groups["n"].Value is { Length: > 0 } digits ? int.Parse(digits, CultureInfo.InvariantCulture) : 1;
                if (cell.Trim().Length > 0)
                {
                    (settings.TryGetValue(number, out var known) ? known : settings[number] = []).Add(Entry(config.Groups["key"].Value, At(cell.Trim(), line), line));
                }
            }
            else if (ExpectedColumn().IsMatch(name))
            {
                // An empty cell keeps its number, so that settings stay with their column.
                asserts.Add(cell.Trim().Length == 0 ? new YamlMapping([], IsFlow: true, Place(line), Place(line)) : Assertion(cell, line));
            }
            else if (name is "__description" or "__threshold" && cell.Length > 0)
            {
                test.Add(Entry(name[2..], At(cell, line), line));
            }
            else if (name is "__prefix" or "__suffix")
            {
                options.Add(Entry(name[2..], At(cell, line), line));
            }
            else if (name == "__metric")
            {
                metric = cell;
            }
            else if (!name.StartsWith("__", StringComparison.Ordinal))
            {
                vars.Add(Entry(name, At(cell, line), line));
            }
        }

        if (cells.Count > header.Count)
        {
            file.Refuse(At("", line), "csv-cells", $"The row has {cells.Count} cells and the header {header.Count}.", "Put a cell with commas in quotes.");
        }

        var checks = asserts.Select((assertion, i) => With(assertion, settings.GetValueOrDefault(i + 1) ?? [], metric, line)).Where(static assertion => assertion.Entries.Count > 0);
        test.Add(Entry("vars", Map(vars, line), line));
        test.Add(Entry("assert", new YamlSequence([.. checks], IsFlow: true, Place(line), Place(line)), line));
        test.Add(Entry("options", Map(options, line), line));
        test.Add(Entry("metadata", Map(metadata, line), line));
        return Map(test, line);
    }

    private static YamlMapping With(YamlMapping assertion, List<YamlEntry> settings, string metric, int line) => assertion.Entries.Count == 0 ? assertion : assertion with
    {
        Entries =
        [
            .. assertion.Entries.Where(entry => settings.TrueForAll(setting => setting.Key.Text != entry.Key.Text)), .. settings,
            .. metric.Length > 0 ? new[] { Entry("metric", At(metric, line), line) } : [],
        ],
    };

    /// <summary><c>type(threshold): value</c>; what begins with no type of assertion is the whole answer.</summary>
    private static YamlMapping Assertion(string cell, int line)
    {
        foreach (var script in new[] { "javascript:", "fn:", "eval:" })
        {
            if (cell.StartsWith(script, StringComparison.Ordinal))
            {
                return Map([Entry("type", At("javascript", line), line), Entry("value", At(cell[script.Length..].Trim(), line), line)], line);
            }
        }

        var match = Cell().Match(cell);
        var written = match.Groups["type"].Value == "grade" ? "llm-rubric" : match.Groups["type"].Value;
        var id = written.StartsWith(AssertionTypes.Not, StringComparison.Ordinal) ? written[AssertionTypes.Not.Length..] : written;
        var type = AssertionTypes.Find(id);
        var isMeant = match.Success && (type is not null || AssertionTypes.Refused.ContainsKey(id)
            // A misspelt type must not become a text that is compared with the whole answer.
            || (match.Groups["value"].Success && NearestName.Of(id, AssertionTypes.All.Select(static each => each.Id)) is not null));
        if (!isMeant)
        {
            return Map([Entry("type", At("equals", line), line), Entry("value", At(cell, line), line)], line);
        }

        var entries = new List<YamlEntry> { Entry("type", At(written, line), line) };
        var value = match.Groups["value"].Value;
        if (value.Trim().Length > 0)
        {
            entries.Add(Entry("value", At(value.Trim(), line), line));
        }

        var threshold = match.Groups["threshold"].Value;
        if (threshold.Length > 0 ? type is null or { CellThreshold: not null } : type is { CellThreshold: not null })
        {
            entries.Add(Entry("threshold", At(threshold.Length > 0 ? threshold : type!.CellThreshold!.Value.ToString(CultureInfo.InvariantCulture), line), line));
        }

        return Map(entries, line);
    }

    private static IEnumerable<(int Line, IReadOnlyList<string> Cells)> Records(Func<int> next, SourceFile file)
    {
        var (cells, cell, isQuoted, line, began) = (new List<string>(), new System.Text.StringBuilder(), false, 1, 1);
        var first = next();
        for (int read = first == '\uFEFF' ? next() : first, then; ; read = then)
        {
            then = read < 0 ? read : next();
            var c = read < 0 ? '\n' : (char)read;
            line += c == '\n' ? 1 : 0;
            if (isQuoted && read >= 0)
            {
                if (c != '"')
                {
                    cell.Append(c);
                }
                else if (then == '"')
                {
                    cell.Append('"');
                    then = next();
                }
                else
                {
                    isQuoted = false;
                }
            }
            else if (c == '"' && cell.ToString().Trim().Length == 0)
            {
                cell.Clear();
                isQuoted = true;
            }
            else if (c is ',' or '\n')
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (c == '\n' && (read >= 0 || cells is not [""]))
                {
                    yield return (began, [.. cells]);
                }

                (cells, began) = c == '\n' ? ([], line) : (cells, began);
            }
            else if (c != '\r')
            {
                cell.Append(c);
            }

            if (read < 0)
            {
                break;
            }
        }

        if (isQuoted)
        {
            file.Refuse(At("", began), "csv-quotes", "A cell's quotes are not closed before the file ends.", "Close them; write \"\" for a quote within quotes.");
        }
    }

    private static YamlPlace Place(int line) => new(line, 1, 0);

    private static YamlScalar At(string text, int line) => new(text, IsPlain: false, Place(line), Place(line));

    private static YamlEntry Entry(string key, YamlNode value, int line) => new(At(key, line), value);

    private static YamlMapping Map(IReadOnlyList<YamlEntry> entries, int line) => new(entries, IsFlow: true, Place(line), Place(line));

    [GeneratedRegex(@"\A__expected[0-9]*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ExpectedColumn();

    [GeneratedRegex(@"\A__config:__expected(?<n>[0-9]*):(?<key>threshold)\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ConfigColumn();

    [GeneratedRegex(@"\A(?<type>(not-)?[a-z][a-z0-9-]*(:(cosine|dot|euclidean))?)(\((?<threshold>[0-9]+(\.[0-9]+)?)\))?(:(?<value>[\s\S]*))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cell();

    [GeneratedRegex(@"(?<!\\),", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Unescaped();
}
