using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using ModelMigrate.Control.Evaluation.Datasets.Reading;

namespace ModelMigrate.Control.Evaluation.Datasets;

/// <summary>Rows in a file or a folder: JSONL, CSV, TSV, YAML or JSON. Read as a stream, any number of times, in the same order with the same ids.</summary>
public sealed class Dataset(string path, ColumnMap map, RowFilter filter)
{
    public string Path => path;

    /// <summary>Reads everything once and keeps nothing: null when something is wrong, or when there is no row, and then <paramref name="problems"/> says why.</summary>
    public async Task<DatasetSummary?> SummarizeAsync(DatasetProblems problems, CancellationToken cancel)
    {
        var reading = new DatasetReading();
        long prompts = 0, references = 0, without = 0, clustered = 0;
        await foreach (var row in ReadAsync(problems, reading, hash: null, cancel))
        {
            prompts += row.Length;
            references += row.References.Count > 0 ? row.References[0].Length : 0;
            without += row.References.Count == 0 ? 1 : 0;
            clustered += row.Cluster is null ? 0 : 1;
        }

        if (problems.Count == 0 && reading.Kept == 0)
        {
            problems.Add(path, 0, reading.Dropped > 0
                ? $"none of its {reading.Dropped} rows matches the filter {filter.Text}; an evaluation of nothing says nothing. Correct the filter, or leave it out."
                : "it has no rows. Write one JSON object a line, for example {\"prompt\":\"What is 2 + 3?\",\"reference\":\"5\"}.");
        }

        if (problems.Count == 0 && clustered is > 0 && clustered < reading.Kept)
        {
            problems.Add(path, 0, $"{reading.Kept - clustered} of its {reading.Kept} rows name no cluster and the others do. Name one in every row, or in none.");
        }

        return problems.Count > 0 ? null : new DatasetSummary(reading.Kept, reading.Dropped, reading.Hash(), prompts, references, without, clustered);
    }

    /// <summary>
    /// The rows in their order. One that cannot be read is left out, and <paramref name="problems"/> says why. <paramref name="hash"/>: what they were when they
    /// were read first; another one at the end is a problem too.
    /// </summary>
    public IAsyncEnumerable<DatasetRow> ReadAsync(DatasetProblems problems, string? hash, CancellationToken cancel) => ReadAsync(problems, new DatasetReading(), hash, cancel);

    private async IAsyncEnumerable<DatasetRow> ReadAsync(DatasetProblems problems, DatasetReading reading, string? hash, [EnumeratorCancellation] CancellationToken cancel)
    {
        var rows = new RowReader(map, problems);
        foreach (var file in DatasetFiles.Of(path, problems))
        {
            await foreach (var raw in RawRows.ReadAsync(file, problems, cancel))
            {
                if (rows.TryRead(raw) is { } row && reading.Take(row, raw, filter, problems) is { } kept)
                {
                    yield return kept;
                }
            }
        }

        if (hash is not null && reading.Hash() != hash)
        {
            problems.Add(path, 0, "it is not what it was when it was read first.");
        }
    }

    /// <summary>What has to be remembered of the rows that went by.</summary>
    private sealed class DatasetReading
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly SeenHashes _prompts = new();
        private readonly SeenHashes _ids = new();

        public long Kept { get; private set; }

        public long Dropped { get; private set; }

        public string Hash() => Convert.ToHexStringLower(_hash.GetHashAndReset());

        public DatasetRow? Take(DatasetRow row, RawRow raw, RowFilter filter, DatasetProblems problems)
        {
            var content = RowHash.Of(row);
            var id = row.Id.Length > 0 ? row.Id : Convert.ToHexStringLower(content.AsSpan(0, 8));
            var before = _ids.Add(RowHash.Short(Encoding.UTF8.GetBytes(id)));
            if (before > 0 && row.Id.Length > 0)
            {
                problems.Add(raw.File, raw.Line, $"the id '{id}' stands at an earlier row too. Give every row an id of its own, or none any.");
            }

            id = before > 0 ? $"{id}#{before + 1}" : id;
            if (!filter.Keeps(id, row.Cluster, row.Tags))
            {
                Dropped++;
                return null;
            }

            Span<byte> length = stackalloc byte[4];
            var name = Encoding.UTF8.GetBytes(id);
            BinaryPrimitives.WriteInt32LittleEndian(length, name.Length);
            _hash.AppendData(length);
            _hash.AppendData(name);
            _hash.AppendData(content);
            return row with { Id = id, Number = Kept++, Occurrence = _prompts.Add(RowHash.OfMessages(row)) };
        }
    }
}
