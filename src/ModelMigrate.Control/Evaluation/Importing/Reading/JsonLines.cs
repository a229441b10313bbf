using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Importing.Reading;

/// <summary>One JSON object a line. Owns the documents of all lines.</summary>
internal sealed class JsonLines : IDisposable
{
    /// <summary>Wrong lines that are named, at most.</summary>
    private const int MostNamed = 5;

    private readonly List<JsonDocument> _documents = [];

    /// <summary>Each an object.</summary>
    public IReadOnlyList<JsonElement> Rows { get; private set; } = [];

    /// <summary>Null when a line is broken, and which; or, with no words, when the first is, so that these are no lines at all.</summary>
    public static JsonLines? TryRead(ReadOnlyMemory<byte> content, out string wrong)
    {
        var lines = new JsonLines();
        var (number, broken, isFirst, named) = (0, 0, false, new List<string>());
        for (var rest = content; !rest.IsEmpty;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            number++;
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            if (LooseJson.TryParse(line, out var document, out _) && document.RootElement.ValueKind == JsonValueKind.Object)
            {
                lines._documents.Add(document);
                continue;
            }

            document?.Dispose();
            isFirst |= broken++ == 0 && lines._documents.Count == 0;
            if (named.Count < MostNamed)
            {
                named.Add($"{number}");
            }
        }

        wrong = broken == 0 || isFirst ? ""
            : $"{(broken == 1 ? "Line" : "Lines")} {string.Join(", ", named)}{(broken > named.Count ? " …" : "")} of {number} {(broken == 1 ? "is no JSON object" : "are no JSON objects")}: the run was ended while it wrote. Run it again.";
        if (broken > 0)
        {
            lines.Dispose();
            return null;
        }

        lines.Rows = [.. lines._documents.Select(static document => document.RootElement)];
        return lines;
    }

    public void Dispose() => _documents.ForEach(static document => document.Dispose());
}
