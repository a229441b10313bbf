using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Datasets.Reading;

/// <summary>Reads the rows of one file by the ending of its name. What cannot be read ends the file, or the row where the format knows its end.</summary>
internal static class RawRows
{
    private const int BufferSize = 1 << 16;

    public static async IAsyncEnumerable<RawRow> ReadAsync(string file, DatasetProblems problems, [EnumeratorCancellation] CancellationToken cancel)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.SequentialScan | FileOptions.Asynchronous);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add(file, 0, $"it cannot be read: {unreadable.Message} Make it readable.");
            yield break;
        }

        await using (stream)
        {
            await using var rows = Of(file, stream, problems, cancel).GetAsyncEnumerator(cancel);
            while (await MoveAsync(rows, file, problems))
            {
                yield return rows.Current;
            }
        }
    }

    private static IAsyncEnumerable<RawRow> Of(string file, Stream stream, DatasetProblems problems, CancellationToken cancel) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".csv" => CsvRows.ReadAsync(file, stream, separator: ',', problems, cancel),
        ".tsv" => CsvRows.ReadAsync(file, stream, separator: '\t', problems, cancel),
        ".txt" => TextRows.ReadAsync(file, stream, cancel),
        ".json" => JsonRows.ReadAsync(file, stream, cancel),
        ".yaml" or ".yml" => YamlRows.ReadAsync(file, stream, problems, cancel),
        _ => LineRows.ReadAsync(file, stream, problems, cancel),
    };

    private static async ValueTask<bool> MoveAsync(IAsyncEnumerator<RawRow> rows, string file, DatasetProblems problems)
    {
        try
        {
            return await rows.MoveNextAsync();
        }
        catch (JsonException broken)
        {
            problems.Add(file, (broken.LineNumber ?? 0) + 1, "it is not one JSON array of objects; write [{\"prompt\":\"…\",\"reference\":\"…\"}, …], or one object a line in a file that ends in .jsonl.");
        }
        catch (DecoderFallbackException)
        {
            problems.Add(file, 0, "it is not UTF-8. Save it as UTF-8.");
        }
        catch (IOException broken)
        {
            problems.Add(file, 0, $"it cannot be read to its end: {broken.Message}");
        }

        return false;
    }
}
