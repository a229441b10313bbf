using System.Text.Json;
using ModelMigrate.Control.Intake;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Tests.Control.Intake;

/// <summary>What <c>migrations export</c> holds is enough to make every decision again.</summary>
public sealed class ExportReplayTests
{
    [Theory]
    [InlineData(0.0, RolloutPhase.Completed)]
    [InlineData(0.2, RolloutPhase.RolledBack)]
    public async Task Export_Replayed_SameDecisions(double targetErrors, RolloutPhase ends)
    {
        await using var server = await ControlServer.StartAsync();
        await server.Bench.MigrateAsync(targetErrors, ends);

        var export = await Export.ReadAsync((await server.Admin.ExportAsync(ControlBench.Id)).Value!);
        var (decisions, judge) = Replay(export);
        Assert.Equal(export.Events.Where(item => item.Actor != "tester").Select(item => (item.At, item.Kind, item.Reason, item.To)), decisions);
        Assert.Contains(decisions, decision => decision.Kind == DecisionKind.Advanced);
        Assert.Equal(ends, export.State.Phase);
        Assert.Equal(export.Judge.GetRawText(), JsonSerializer.Serialize(judge.Snapshot(), IntakeJson.Stored.JudgeState));
    }

    private static (List<(long At, string Kind, string Reason, string To)> Decisions, Judge Judge) Replay(Export export)
    {
        var spec = export.Spec;
        var state = new RolloutState { Id = spec.Id };
        var verbs = new Queue<Export.Event>(export.Events.Where(item => item.Actor == "tester"));
        var made = export.Events.Where(item => item.Actor != "tester").ToDictionary(item => item.At);
        var blocks = new Queue<Block>(export.Blocks);
        var decisions = new List<(long At, string Kind, string Reason, string To)>();
        Judge? judge = null;
        var folded = 0L;
        foreach (var (at, watermark) in export.Ticks)
        {
            var now = new DateTimeOffset(at, TimeSpan.Zero);
            while (verbs.TryPeek(out var asked) && asked.At < at)
            {
                verbs.Dequeue();
                state = RolloutVerbs.Apply(spec, state, asked.Verb, asked.Actor, asked.Reason, new DateTimeOffset(asked.At, TimeSpan.Zero)).Decision!.Next;
            }

            judge ??= new Judge(RolloutJudging.SpecFor(spec, state));
            for (; folded < watermark; folded++)
            {
                Assert.Equal(FoldResult.Folded, judge.Fold(blocks.Dequeue()));
            }

            var recorded = made.GetValueOrDefault(at);
            var evidence = judge.Evaluate(recorded?.OpenBlocks ?? [], RolloutJudging.MarginFactor(spec, state), now);
            var decision = state.Phase switch
            {
                RolloutPhase.Promoting => RolloutTransitions.Promoted(spec, state, now),
                // That the source answered its probe is not evidence; the journal says when.
                RolloutPhase.RollingBack => recorded is null ? null : RolloutTransitions.RolledBack(spec, state, now),
                _ => RolloutDecider.Decide(spec, state, evidence, now),
            };
            if (recorded is not null)
            {
                Assert.Equal(recorded.Evidence, JsonSerializer.Serialize(evidence, IntakeJson.Stored.Evidence));
            }

            if (decision is not null)
            {
                state = decision.Next;
                decisions.Add((at, decision.Kind, decision.Reason, ModelMigrate.Core.Api.MigrationSummary.PhaseText(state.Phase, state.Step)));
            }
        }

        Assert.Empty(blocks);
        Assert.Equal(export.State.WeightPpm, state.WeightPpm);
        return (decisions, judge!);
    }

    /// <summary>The lines of an export, by their types.</summary>
    private sealed record Export(RolloutSpec Spec, RolloutState State, List<Export.Event> Events, List<Block> Blocks, List<(long At, long Watermark)> Ticks, JsonElement Judge)
    {
        public static async Task<Export> ReadAsync(Stream body)
        {
            var lines = new List<JsonElement>();
            using var reader = new StreamReader(body);
            while (await reader.ReadLineAsync() is { } line)
            {
                lines.Add(JsonDocument.Parse(line).RootElement);
            }

            List<JsonElement> Of(string type) => [.. lines.Where(line => line.GetProperty("type").GetString() == type)];
            var spec = Assert.Single(Of("spec")).GetProperty("spec").Deserialize(JournalJson.Stored.RolloutSpec)!;
            var hash = JournalJson.Hash(spec);
            Assert.All(Of("tick"), tick => Assert.Equal(hash, tick.GetProperty("spec").GetString()));
            return new Export(
                spec,
                Assert.Single(Of("state")).GetProperty("state").Deserialize(JournalJson.Stored.RolloutState)!,
                [.. Of("event").Select(Event.Of)],
                [.. Of("block").Select(line => line.GetProperty("block").Deserialize(IntakeJson.Stored.Block)!)],
                [.. Of("tick").Select(line => (line.GetProperty("at").GetInt64(), line.GetProperty("watermark").GetInt64()))],
                Assert.Single(Of("checkpoint")).GetProperty("evidence").GetProperty("judge"));
        }

        public sealed record Event(long At, string Actor, string Kind, string Reason, string To, string? Evidence, List<Block> OpenBlocks)
        {
            public RolloutVerb Verb => Kind switch
            {
                DecisionKind.Started => RolloutVerb.Start,
                DecisionKind.Paused => RolloutVerb.Pause,
                DecisionKind.Resumed => RolloutVerb.Resume,
                _ => throw new InvalidOperationException(Kind),
            };

            public static Event Of(JsonElement line) => new(
                line.GetProperty("at").GetInt64(), line.GetProperty("actor").GetString()!, line.GetProperty("kind").GetString()!, line.GetProperty("reason").GetString()!,
                line.GetProperty("to").GetString()!, line.GetProperty("evidence").ValueKind == JsonValueKind.Null ? null : line.GetProperty("evidence").GetRawText(),
                line.GetProperty("open_blocks").Deserialize(IntakeJson.Stored.ListBlock) ?? []);
        }
    }
}
