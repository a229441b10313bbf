using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Datasets.Reading;

/// <summary>Rows with a header, as RFC 4180 writes them: quotes around cells that hold separators, quotes or line ends, and doubled quotes within.</summary>
internal static class CsvRows
{
    public static async IAsyncEnumerable<RawRow> ReadAsync(string file, Stream stream, char separator, DatasetProblems problems, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var text = new StreamReader(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, 1 << 16, leaveOpen: true);
        var csv = new CsvRecords(text, separator);
        if (!await csv.ReadAsync(cancel))
        {
            yield break;
        }

        List<string> header = [.. csv.Cells];
        if (Wrong(header, csv.Fault) is { } wrong)
        {
            problems.Add(file, 1, wrong);
            yield break;
        }

        while (await csv.ReadAsync(cancel))
        {
            if (csv.Fault is { } fault)
            {
                problems.Add(file, csv.Line, fault);
                continue;
            }

            if (csv.Cells is [""])
            {
                continue;
            }

            if (csv.Cells.Count != header.Count)
            {
                problems.Add(file, csv.Line, $"it has {csv.Cells.Count} cells and the header has {header.Count}; put cells that hold '{(separator == '\t' ? "a tab" : ",")}' in quotes.");
                continue;
            }

            yield return new RawRow(file, csv.Line, Object(header, csv.Cells));
        }
    }

    private static string? Wrong(List<string> header, string? fault) =>
        fault ?? (header.Any(static name => name.Length == 0) ? "a column of the header has no name; write one for each."
            : header.GroupBy(static name => name, StringComparer.Ordinal).FirstOrDefault(static group => group.Count() > 1) is { } twice ? $"the header has '{twice.Key}' twice; rename one."
            : header is [var only] && only.Contains(';', StringComparison.Ordinal) ? "its cells are parted by semicolons; save it with commas." : null);

    private static JsonElement Object(List<string> header, IReadOnlyList<string> cells)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            for (var i = 0; i < header.Count; i++)
            {
                // An empty cell is one that was left out.
                if (cells[i].Length > 0)
                {
                    json.WriteString(header[i], cells[i]);
                }
            }

            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return document.RootElement.Clone();
    }
}
