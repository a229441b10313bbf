using System.Text.Json;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Control.Intake;

/// <summary>
/// The evidence of one migration in one attempt and epoch: what is still open, what the judge has folded, and what of it is not
/// committed yet. Owned by the rollout loop.
/// </summary>
internal sealed class EvidenceLedger
{
    private const string Replica = "local";

    private readonly BlockBuilder _builder;
    private readonly Judge _judge;
    private readonly VersionWatch _sourceVersions;
    private readonly VersionWatch _targetVersions;
    private readonly List<Block> _ended = [];
    private readonly List<Block> _open = [];
    private readonly List<Block> _uncommitted = [];
    private DateTimeOffset _countedUntil;

    /// <summary>Goes on from <paramref name="stored"/> when that is of the state's attempt and epoch, else begins anew.</summary>
    public EvidenceLedger(RolloutSpec spec, RolloutState state, long incarnation, EvidenceCheckpoint? stored, DateTimeOffset now)
    {
        (Attempt, Epoch) = (state.Attempt, state.EvidenceEpoch);
        var goesOn = stored is not null && stored.Attempt == Attempt && stored.Epoch == Epoch;
        var judgeState = goesOn ? stored!.Judge : null;
        _judge = new Judge(RolloutJudging.SpecFor(spec, state), judgeState);
        _builder = new BlockBuilder(
            spec.Id, Attempt, Replica, incarnation, Judge.SignalsFor(spec.Gates, spec.HardStops), judgeState?.Quantiles, judgeState?.MeanCost,
            followed: judgeState?.FollowedKeys);
        _sourceVersions = goesOn ? stored!.SourceVersions : new VersionWatch();
        _targetVersions = goesOn ? stored!.TargetVersions : new VersionWatch();
        // The time that the process was down is in the gap too: nobody knows when in it the last request was admitted.
        GapSeconds = goesOn ? stored!.GapSeconds + (state.IsActive ? Math.Max(0, (now - stored.CountedUntil).TotalSeconds) : 0) : 0;
        _countedUntil = now;
    }

    public int Attempt { get; }

    public int Epoch { get; }

    /// <summary>Seconds of admission whose evidence was lost with earlier processes, for both arms.</summary>
    public double GapSeconds { get; }

    /// <summary>Whether something is known that is not committed.</summary>
    public bool IsDirty { get; private set; } = true;

    /// <summary>Takes one admission, or the end of one admitted on <paramref name="arm"/>. Answers a model version that took over, or null.</summary>
    public string? Accept(in ObservationEvent item, Arm arm)
    {
        IsDirty |= _builder.Accept(item);
        return item is { IsAdmission: false, Ended.ModelVersion: { } version }
            ? (arm == Arm.Source ? _sourceVersions : _targetVersions).Add(version)
            : null;
    }

    /// <summary>Folds what is complete into the judge.</summary>
    public void Fold(DateTimeOffset now)
    {
        _ended.Clear();
        _builder.TakeEnded(now, _ended);
        foreach (var block in _ended)
        {
            _judge.Fold(block);
            _uncommitted.Add(block);
            IsDirty = true;
        }

        _builder.ReadOpen(now, _open);
        _countedUntil = _open.Count > 0 ? DateTimeOffset.FromUnixTimeSeconds(_open.Min(block => block.Key.FirstSlice)) : now;
    }

    public Evidence Evaluate(RolloutSpec spec, RolloutState state, long? exposureLeft, DateTimeOffset now) =>
        _judge.Evaluate(_open, RolloutJudging.MarginFactor(spec, state), now) with
        {
            ExposureLeft = exposureLeft,
            EvidenceGapSeconds = GapSeconds,
        };

    /// <summary>The blocks that <see cref="Evaluate"/> looked at beyond the folded ones, as JSON; null when there are none.</summary>
    public string? OpenBlocks => _open.Count == 0 ? null : JsonSerializer.Serialize(_open, IntakeJson.Stored.ListBlock);

    /// <summary>Folded blocks that no transaction has kept yet.</summary>
    public IReadOnlyList<Block> Uncommitted => _uncommitted;

    public EvidenceCheckpoint Checkpoint() => new()
    {
        Attempt = Attempt,
        Epoch = Epoch,
        Judge = _judge.Snapshot(),
        CountedUntil = _countedUntil,
        GapSeconds = GapSeconds,
        SourceVersions = _sourceVersions,
        TargetVersions = _targetVersions,
    };

    /// <summary>Call once the transaction that held <see cref="Uncommitted"/> and <see cref="Checkpoint"/> is durable.</summary>
    public void Committed()
    {
        _uncommitted.Clear();
        IsDirty = false;
    }
}
