using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Datasets.Reading;

/// <summary>The elements of one JSON array, read as they come. The reader does not tell lines, so a row's number is its place in the array.</summary>
internal static class JsonRows
{
    private static readonly JsonSerializerOptions s_options = new() { MaxDepth = 64, DefaultBufferSize = 1 << 16 };

    public static async IAsyncEnumerable<RawRow> ReadAsync(string file, Stream stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        long number = 0;
        await foreach (var element in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(stream, s_options, cancel))
        {
            yield return new RawRow(file, ++number, element);
        }
    }
}
