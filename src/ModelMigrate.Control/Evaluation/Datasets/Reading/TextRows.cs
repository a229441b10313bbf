using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Datasets.Reading;

/// <summary>One prompt a line, in UTF-8. Blank lines are passed over, but counted.</summary>
internal static class TextRows
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async IAsyncEnumerable<RawRow> ReadAsync(string file, Stream stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var reader = new StreamReader(stream, s_strict, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        for (var number = 1L; await reader.ReadLineAsync(cancel) is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return new RawRow(file, number, JsonSerializer.SerializeToElement(new Dictionary<string, string>(StringComparer.Ordinal) { ["prompt"] = line.Trim() }));
            }
        }
    }
}
