using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Datasets.Reading;

/// <summary>One JSON object a line. Blank lines are passed over, but counted.</summary>
internal static class LineRows
{
    /// <summary>A longer line is refused: it is no row.</summary>
    private const int LongestLine = 32 << 20;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

    public static async IAsyncEnumerable<RawRow> ReadAsync(string file, Stream stream, DatasetProblems problems, [EnumeratorCancellation] CancellationToken cancel)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true));
        long number = 0;
        for (var isDone = false; !isDone;)
        {
            var read = await reader.ReadAsync(cancel);
            var rest = read.Buffer;
            while (TryCut(ref rest, read.IsCompleted, out var line))
            {
                if (TryParse(file, ++number, line, problems) is { } row)
                {
                    yield return row;
                }
            }

            isDone = read.IsCompleted;
            if (rest.Length > LongestLine)
            {
                problems.Add(file, number + 1, $"the line is longer than {LongestLine >> 20} MB; write one row a line.");
                isDone = true;
            }

            reader.AdvanceTo(rest.Start, rest.End);
        }

        await reader.CompleteAsync();
    }

    private static bool TryCut(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        line = rest;
        if (!isLast || rest.IsEmpty)
        {
            return false;
        }

        rest = rest.Slice(rest.End);
        return true;
    }

    private static RawRow? TryParse(string file, long number, in ReadOnlySequence<byte> line, DatasetProblems problems)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        var text = number == 1 && line.Length >= 3 && line.Slice(0, 3).ToArray().AsSpan().SequenceEqual(mark) ? line.Slice(3) : line;
        if (IsBlank(text))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text, s_options);
            return new RawRow(file, number, json.RootElement.Clone());
        }
        catch (JsonException broken)
        {
            problems.Add(file, number, $"it is not JSON from its byte {(broken.BytePositionInLine ?? 0) + 1} on; write one whole JSON object a line.");
            return null;
        }
    }

    private static bool IsBlank(in ReadOnlySequence<byte> text)
    {
        foreach (var part in text)
        {
            if (part.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                return false;
            }
        }

        return true;
    }
}
