using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Control.Storage.Sqlite;

internal sealed partial class Journal
{
    /// <summary>Entries newest first, of one migration or of all.</summary>
    public IReadOnlyList<EventView> Events(string? migration, int limit)
    {
        using var reader = Connect(_file, SqliteOpenMode.ReadOnly);
        return
        [
            .. from row in reader.Query<EventRow>(
                    $"SELECT {EventColumns} FROM events WHERE @migration IS NULL OR migration = @migration ORDER BY seq DESC LIMIT @limit",
                    new { migration, limit })
               select View(row),
        ];
    }

    /// <summary>
    /// Everything kept of one migration as JSON lines, oldest first, each with its <c>type</c>: specifications, the state, events,
    /// chunks, blocks, ticks and the checkpoint. Empty when the journal does not know it. Lazy: rows are read as they are asked for.
    /// </summary>
    public IEnumerable<string> Export(string migration)
    {
        using var reader = Connect(_file, SqliteOpenMode.ReadOnly);
        // One read transaction, so that the lines belong together.
        using var transaction = reader.BeginTransaction(deferred: true);
        foreach (var (type, sql) in ExportQueries)
        {
            foreach (var json in reader.Query<string>(sql, new { migration }, transaction, buffered: false))
            {
                yield return $$"""{"type":"{{type}}",{{json.AsSpan(1)}}""";
            }
        }
    }

    private const string EventColumns =
        "seq AS Seq, migration AS Migration, at AS At, actor AS Actor, kind AS Kind, reason AS Reason, gate AS Gate, "
        + "from_phase AS FromPhase, to_phase AS ToPhase, weight_ppm AS WeightPpm, alpha AS Alpha, evidence AS Evidence";

    private static readonly (string Type, string Sql)[] ExportQueries =
    [
        ("spec", """
            SELECT json_object('hash', hash, 'spec', json(json)) FROM specs
            WHERE hash IN (SELECT spec FROM migrations WHERE id = @migration UNION SELECT spec FROM ticks WHERE migration = @migration)
            """),
        ("state", "SELECT json_object('spec', spec, 'state', json(state)) FROM migrations WHERE id = @migration"),
        ("event", """
            SELECT json_object('seq', seq, 'attempt', attempt, 'at', at, 'actor', actor, 'kind', kind, 'reason', reason, 'gate', gate,
                'from', from_phase, 'to', to_phase, 'weight_ppm', weight_ppm, 'alpha', alpha, 'evidence', json(evidence), 'open_blocks', json(open_blocks))
            FROM events WHERE migration = @migration ORDER BY seq
            """),
        ("chunk", """
            SELECT json_object('attempt', attempt, 'chunk', chunk, 'size', size, 'at', at) FROM chunks
            WHERE migration = @migration ORDER BY attempt, chunk
            """),
        ("block", """
            SELECT json_object('attempt', attempt, 'epoch', epoch, 'incarnation', incarnation, 'sequence', sequence, 'block', json(json)) FROM blocks
            WHERE migration = @migration ORDER BY attempt, epoch, incarnation, sequence
            """),
        ("tick", """
            SELECT json_object('number', number, 'at', at, 'watermark', watermark, 'spec', spec) FROM ticks
            WHERE migration = @migration ORDER BY number
            """),
        ("checkpoint", """
            SELECT json_object('attempt', attempt, 'incarnation', incarnation, 'at', at, 'tick', tick, 'evidence', json(json)) FROM checkpoints
            WHERE migration = @migration
            """),
    ];

    private static EventView View(EventRow row) => new()
    {
        Seq = row.Seq,
        Migration = row.Migration,
        At = Time(row.At),
        Actor = row.Actor,
        Kind = row.Kind,
        Reason = row.Reason,
        Gate = row.Gate,
        From = row.FromPhase,
        To = row.ToPhase,
        Weight = row.WeightPpm / 1e6,
        Alpha = row.Alpha,
        Evidence = row.Evidence is null ? null : JsonSerializer.Deserialize(row.Evidence, ApiJson.Default.JsonElement),
    };

    private sealed record EventRow
    {
        public required long Seq { get; init; }

        public required string Migration { get; init; }

        public required long At { get; init; }

        public required string Actor { get; init; }

        public required string Kind { get; init; }

        public required string Reason { get; init; }

        public string? Gate { get; init; }

        public required string FromPhase { get; init; }

        public required string ToPhase { get; init; }

        public required long WeightPpm { get; init; }

        public double? Alpha { get; init; }

        public string? Evidence { get; init; }
    }
}
