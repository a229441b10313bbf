using System.Text.Json;
using ModelMigrate.Control.Intake;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Control.Replaying;

/// <summary>
/// Makes every decision of an export again, from its blocks, at its looks, and compares. What operators, the file and probes did is taken from
/// the journal; so are the two figures of the evidence that no block holds (what was left of the exposure budget, what a crash lost).
/// </summary>
public sealed class ExportReplay
{
    private readonly MigrationExport _export;
    private readonly Queue<MigrationExport.Event> _inputs;
    private readonly Queue<MigrationExport.Event> _decided;
    private readonly Queue<(int Attempt, long At, long Number, int Size)> _chunks;
    private readonly List<ReplayedDecision> _compared = [];
    private RolloutState _state;
    private Judge? _judge;
    private long _folded;

    /// <summary>A decision of a look at which the store was down: journalled at a later one.</summary>
    private Decision? _late;

    private ExportReplay(MigrationExport export)
    {
        _export = export;
        _inputs = new(export.Events.Where(item => !item.IsDecided && item.Kind != "alert"));
        _decided = new(export.Events.Where(item => item.IsDecided));
        _chunks = new(export.Chunks.OrderBy(chunk => chunk.At));
        _state = new RolloutState { Id = export.State.Id };
    }

    /// <summary>Every decision compared, in order; then where the migration stands, and the judge as it was committed last.</summary>
    public static IReadOnlyList<ReplayedDecision> Run(MigrationExport export) => new ExportReplay(export).Run();

    private List<ReplayedDecision> Run()
    {
        foreach (var tick in _export.Ticks)
        {
            // At one time: a look, then what was asked, then what was granted; but what was journalled before the look's decision came first.
            var decided = _decided.TryPeek(out var next) && next.At == tick.At ? next : null;
            TakeInputs(tick.At, decided?.Seq ?? 0, tick.Spec);
            Look(tick.Number, tick.At, tick.Watermark, tick.Spec);
        }

        TakeInputs(long.MaxValue, 0, _export.LastSpec);
        while (_decided.TryDequeue(out var never))
        {
            Differ(never.At, null, Text(never.Kind, never.Gate, never.To), null, "no look of the export leads to it");
        }

        CompareEnd();
        return _compared;
    }

    private void Look(long number, long at, long watermark, string specHash)
    {
        var (now, spec) = (Time(at), _export.Specs[specHash]);
        // A look that took over a provider's new model version asked nobody.
        if (_inputs.TryPeek(out var input) && input.At == at && input.Kind == "evidence_reset")
        {
            TakeInputs(at + 1, 0, specHash);
            return;
        }

        if (!Fold(spec, watermark, at, number))
        {
            return;
        }

        var recorded = _decided.TryPeek(out var first) && first.At == at ? _decided.Dequeue() : null;
        var evidence = _judge!.Evaluate(recorded?.OpenBlocks ?? [], RolloutJudging.MarginFactor(spec, _state), now);
        evidence = recorded?.Evidence is { } kept ? WithInputs(evidence, kept) : evidence;
        var decision = Decide(spec, evidence, recorded, now);
        if (recorded is null)
        {
            _late = decision ?? _late;
            // Harm is found with the open blocks too, and a look without a decision keeps none; a promotion only needs what was folded.
            if (decision is not null && evidence.Worse is null && evidence.HardStop is null && (!_decided.TryPeek(out var later) || later.Kind != decision.Kind))
            {
                Differ(at, number, null, Text(decision.Kind, decision.Gate, To(decision)), "the journal has no decision here");
            }

            return;
        }

        if (decision?.Reason != recorded.Reason && _late is { } late && late.Kind == recorded.Kind && late.Gate == recorded.Gate)
        {
            decision = late with { Reason = recorded.Reason, Next = late.Next with { Reason = recorded.Reason } };
        }

        _late = null;
        Compare(number, recorded, decision, evidence);
        // A decision that differs has been said; the rest is compared from where the journal went.
        _state = decision?.Next ?? _state;
    }

    private Decision? Decide(RolloutSpec spec, Evidence evidence, MigrationExport.Event? recorded, DateTimeOffset now) => _state.Phase switch
    {
        RolloutPhase.Promoting => RolloutTransitions.Promoted(spec, _state, now),
        // That the source answered its probe is not evidence; the journal says when and how.
        RolloutPhase.RollingBack when recorded is null => null,
        RolloutPhase.RollingBack when recorded.Kind == DecisionKind.Failed => RolloutTransitions.Failed(spec, _state, "", now) is var failed
            ? failed with { Reason = recorded.Reason, Next = failed.Next with { Reason = recorded.Reason } } : null,
        RolloutPhase.RollingBack => RolloutTransitions.RolledBack(spec, _state, now),
        _ => RolloutDecider.Decide(spec, _state, evidence, now),
    };

    private bool Fold(RolloutSpec spec, long watermark, long at, long number)
    {
        if (_judge is null || _judge.Spec.Attempt != _state.Attempt || _judge.Spec.Epoch != _state.EvidenceEpoch)
        {
            _judge = new Judge(RolloutJudging.SpecFor(spec, _state));
            _folded = 0;
        }

        var blocks = _export.Blocks.GetValueOrDefault((_state.Attempt, _state.EvidenceEpoch)) ?? [];
        for (; _folded < watermark; _folded++)
        {
            if (!blocks.TryDequeue(out var block))
            {
                Differ(at, number, $"{watermark} blocks", $"{_folded} blocks", "blocks are missing");
                return false;
            }

            var result = _judge.Fold(block);
            if (result != FoldResult.Folded)
            {
                Differ(at, number, "a block", result.ToString(), $"block {block.Key.Incarnation}/{block.Key.Sequence} does not count");
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Operators' verbs, resets of the evidence and granted exposure, as the journal has them: all before a time, and those at the time
    /// itself that were journalled before <paramref name="seq"/>.
    /// </summary>
    private void TakeInputs(long at, long seq, string spec)
    {
        while (_inputs.TryPeek(out var input) && (input.At < at || (input.At == at && input.Seq < seq)))
        {
            _inputs.Dequeue();
            TakeChunks(input.At - 1);
            Apply(input, _export.Specs[spec]);
            TakeChunks(input.At);
        }

        TakeChunks(at - 1);
    }

    private void TakeChunks(long until)
    {
        while (_chunks.TryPeek(out var chunk) && chunk.At <= until)
        {
            _chunks.Dequeue();
            if (chunk.Attempt == _state.Attempt)
            {
                _state = _state with { ExposureSpent = _state.ExposureSpent + chunk.Size, ExposureChunk = chunk.Number };
            }
        }
    }

    private void Apply(MigrationExport.Event input, RolloutSpec spec)
    {
        if (input.Kind == "evidence_reset")
        {
            _state = _state with { EvidenceEpoch = _state.EvidenceEpoch + 1, TargetProven = false, Alerted = [], Reason = input.Reason };
            return;
        }

        foreach (var verb in Enum.GetValues<RolloutVerb>())
        {
            if (RolloutVerbs.Apply(spec, _state, verb, input.Actor, input.Reason, Time(input.At)).Decision is { } decision && decision.Kind == input.Kind && To(decision) == input.To)
            {
                _state = decision.Next;
                return;
            }
        }

        Differ(input.At, null, Text(input.Kind, input.Gate, input.To), null, $"'{input.Kind}' by {input.Actor} is not possible where the migration stood");
    }

    private void Compare(long tick, MigrationExport.Event recorded, Decision? decision, Evidence evidence)
    {
        var (match, difference) = recorded.Evidence is null
            ? (EvidenceMatch.None, null)
            : Match(recorded.Evidence.Value, evidence);
        var recordedText = Text(recorded.Kind, recorded.Gate, recorded.To);
        var replayed = decision is null ? null : Text(decision.Kind, decision.Gate, To(decision));
        difference = recordedText != replayed ? "another decision"
            : match == EvidenceMatch.Different ? difference
            : match != EvidenceMatch.Close && decision!.Reason != recorded.Reason ? $"reason is '{recorded.Reason}' in the journal and '{decision.Reason}' now"
            : null;
        _compared.Add(new ReplayedDecision
        {
            At = Time(recorded.At), Tick = tick, Recorded = recordedText, Replayed = replayed, Evidence = match, Same = difference is null, Difference = difference,
        });
    }

    private static (EvidenceMatch Match, string? Difference) Match(JsonElement recorded, Evidence evidence)
    {
        var text = JsonSerializer.Serialize(evidence, IntakeJson.Stored.Evidence);
        if (text == recorded.GetRawText())
        {
            return (EvidenceMatch.Identical, null);
        }

        using var now = JsonDocument.Parse(text);
        var difference = JsonDifference.Find(recorded, now.RootElement, "evidence");
        return (difference is null ? EvidenceMatch.Close : EvidenceMatch.Different, difference);
    }

    private void CompareEnd()
    {
        var last = _export.State;
        var (recorded, replayed) = (End(last), End(_state));
        _compared.Add(new ReplayedDecision
        {
            At = last.Since, Recorded = recorded, Replayed = replayed, Evidence = EvidenceMatch.None, Same = recorded == replayed,
            Difference = recorded == replayed ? null : "the migration ends elsewhere",
        });
        foreach (var ((attempt, epoch), blocks) in _export.Blocks.Where(pair => pair.Value.Count > 0))
        {
            Differ(last.Since.UtcTicks, null, $"{blocks.Count} more blocks of attempt {attempt}, epoch {epoch}", null, "no look of the export has folded them");
        }

        if (_export.Judge is { } kept && _judge is not null && kept.GetProperty("attempt").GetInt32() == _judge.Spec.Attempt && kept.GetProperty("epoch").GetInt32() == _judge.Spec.Epoch)
        {
            using var now = JsonDocument.Parse(JsonSerializer.Serialize(_judge.Snapshot(), IntakeJson.Stored.JudgeState));
            var difference = JsonDifference.Find(kept, now.RootElement, "judge");
            var isSame = kept.GetRawText() == now.RootElement.GetRawText();
            _compared.Add(new ReplayedDecision
            {
                At = last.Since, Recorded = "judge as committed", Replayed = "judge after the last block", Same = difference is null, Difference = difference,
                Evidence = isSame ? EvidenceMatch.Identical : difference is null ? EvidenceMatch.Close : EvidenceMatch.Different,
            });
        }
    }

    private void Differ(long at, long? tick, string? recorded, string? replayed, string why) => _compared.Add(new ReplayedDecision
    {
        At = Time(at), Tick = tick, Recorded = recorded, Replayed = replayed, Evidence = EvidenceMatch.None, Same = false, Difference = why,
    });

    private static Evidence WithInputs(Evidence evidence, JsonElement kept) => evidence with
    {
        ExposureLeft = kept.TryGetProperty("exposure_left", out var left) ? left.GetInt64() : null,
        EvidenceGapSeconds = kept.GetProperty("evidence_gap_seconds").GetDouble(),
    };

    private static string End(RolloutState state) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{MigrationSummary.PhaseText(state.Phase, state.Step)} at {state.WeightPpm} ppm, attempt {state.Attempt}, epoch {state.EvidenceEpoch}");

    private static string To(Decision decision) => MigrationSummary.PhaseText(decision.Next.Phase, decision.Next.Step);

    private static string Text(string kind, string? gate, string to) => gate is null ? $"{kind} → {to}" : $"{kind} by {gate} → {to}";

    private static DateTimeOffset Time(long utcTicks) => new(utcTicks, TimeSpan.Zero);
}
