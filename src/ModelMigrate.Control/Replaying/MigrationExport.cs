using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelMigrate.Control.Intake;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Control.Replaying;

/// <summary>What <c>migrations export</c> wrote of one migration, read back.</summary>
public sealed class MigrationExport
{
    private readonly List<string> _problems = [];

    private MigrationExport()
    {
    }

    internal Dictionary<string, RolloutSpec> Specs { get; } = new(StringComparer.Ordinal);

    internal RolloutState State { get; private set; } = null!;

    internal string LastSpec { get; private set; } = "";

    internal List<Event> Events { get; } = [];

    internal List<(int Attempt, long At, long Number, int Size)> Chunks { get; } = [];

    internal Dictionary<(int Attempt, int Epoch), Queue<Block>> Blocks { get; } = [];

    internal List<(long Number, long At, long Watermark, string Spec)> Ticks { get; } = [];

    /// <summary>The judge as it was committed last, or null.</summary>
    internal JsonElement? Judge { get; private set; }

    /// <summary>Whether a file that begins so is an export: its first line is a specification with its type.</summary>
    public static bool Is(ReadOnlySpan<byte> beginning) => beginning.TrimStart("\uFEFF \t\r\n"u8).StartsWith("""{"type":"spec","""u8);

    /// <summary>The export, or null and everything that is wrong with its lines, each with its number.</summary>
    public static (MigrationExport? Export, IReadOnlyList<string> Problems) Read(Stream body)
    {
        var export = new MigrationExport();
        using var reader = new StreamReader(body, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16, leaveOpen: true);
        for (var number = 1L; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                using var json = JsonDocument.Parse(line);
                export.Add(json.RootElement);
            }
            catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or NotSupportedException)
            {
                export._problems.Add($"{number}: it is not a line of an export ({wrong.Message.TrimEnd('.')}); export the migration again.");
            }
        }

        if (export._problems.Count == 0)
        {
            export.CheckWhole();
        }

        return export._problems.Count == 0 ? (export, []) : (null, export._problems);
    }

    private void Add(JsonElement line)
    {
        switch (line.GetProperty("type").GetString())
        {
            case "spec":
                Specs.Add(line.GetProperty("hash").GetString()!, Read(line.GetProperty("spec"), JournalJson.Stored.RolloutSpec));
                break;
            case "state":
                State = Read(line.GetProperty("state"), JournalJson.Stored.RolloutState);
                LastSpec = line.GetProperty("spec").GetString()!;
                break;
            case "event":
                Events.Add(Event.Of(line));
                break;
            case "chunk":
                Chunks.Add((line.GetProperty("attempt").GetInt32(), line.GetProperty("at").GetInt64(), line.GetProperty("chunk").GetInt64(), line.GetProperty("size").GetInt32()));
                break;
            case "block":
                var key = (line.GetProperty("attempt").GetInt32(), line.GetProperty("epoch").GetInt32());
                Blocks.TryAdd(key, []);
                Blocks[key].Enqueue(Read(line.GetProperty("block"), IntakeJson.Stored.Block));
                break;
            case "tick":
                Ticks.Add((line.GetProperty("number").GetInt64(), line.GetProperty("at").GetInt64(), line.GetProperty("watermark").GetInt64(), line.GetProperty("spec").GetString()!));
                break;
            case "checkpoint":
                Judge = line.GetProperty("evidence").GetProperty("judge").Clone();
                break;
            case var type:
                throw new FormatException($"type is '{type}'");
        }
    }

    private void CheckWhole()
    {
        if (State is null || Specs.Count == 0)
        {
            _problems.Add("the export has no specification or no state; export the migration again.");
            return;
        }

        foreach (var (hash, spec) in Specs)
        {
            if (JournalJson.Hash(spec) != hash)
            {
                _problems.Add($"the specification {hash} is not the one that was named so: it was changed, or another version of the program wrote it.");
            }
        }

        foreach (var missing in Ticks.Select(tick => tick.Spec).Append(LastSpec).Distinct(StringComparer.Ordinal).Where(hash => !Specs.ContainsKey(hash)))
        {
            _problems.Add($"the specification {missing} is missing; export the migration again.");
        }
    }

    private static T Read<T>(JsonElement json, JsonTypeInfo<T> type) => json.Deserialize(type) ?? throw new FormatException("a value is null");

    /// <summary>One journalled decision.</summary>
    internal sealed record Event
    {
        public required long Seq { get; init; }

        public required long At { get; init; }

        public required string Actor { get; init; }

        public required string Kind { get; init; }

        public required string Reason { get; init; }

        public string? Gate { get; init; }

        public required string To { get; init; }

        /// <summary>As the journal wrote it, or null.</summary>
        public JsonElement? Evidence { get; init; }

        public required IReadOnlyList<Block> OpenBlocks { get; init; }

        /// <summary>Whether a look decided it; else a person, the file or a provider did.</summary>
        public bool IsDecided => Actor is "judge" or "controller" && Kind is not (DecisionKind.Started or "evidence_reset" or "alert");

        public static Event Of(JsonElement line) => new()
        {
            Seq = line.GetProperty("seq").GetInt64(),
            At = line.GetProperty("at").GetInt64(),
            Actor = line.GetProperty("actor").GetString()!,
            Kind = line.GetProperty("kind").GetString()!,
            Reason = line.GetProperty("reason").GetString()!,
            Gate = line.GetProperty("gate").GetString(),
            To = line.GetProperty("to").GetString()!,
            Evidence = line.GetProperty("evidence").ValueKind == JsonValueKind.Null ? null : line.GetProperty("evidence").Clone(),
            OpenBlocks = line.GetProperty("open_blocks").Deserialize(IntakeJson.Stored.ListBlock) ?? [],
        };
    }
}
