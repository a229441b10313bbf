namespace ModelMigrate.Core.Judging.Harm;

/// <summary>
/// Harm as it must be found: in the evidence of all requests, without any one key, and given how often each key had the event before it moved. The
/// last is the same process over <see cref="KeyRisks.Adjust"/>ed blocks. It can only hold back: the bound on false harm is that of the plain evidence.
/// </summary>
internal sealed class DefendedHarm
{
    private readonly double _r0;
    private readonly BetSchedule _schedule;
    private readonly HarmProcess _plain;
    private HarmProcess? _adjusted;

    /// <summary><paramref name="adjusted"/>: null while it would be the same.</summary>
    public DefendedHarm(double r0, BetSchedule schedule, HarmState state, HarmState? adjusted)
    {
        _r0 = r0;
        _schedule = schedule;
        _plain = new HarmProcess(r0, schedule, state);
        _adjusted = adjusted is null ? null : new HarmProcess(r0, schedule, adjusted);
    }

    /// <summary>Blocks folded that compared something.</summary>
    public long Blocks => _plain.Blocks;

    public HarmState Snapshot() => _plain.Snapshot();

    public HarmState? SnapshotAdjusted() => _adjusted?.Snapshot();

    /// <summary>Both views of one block.</summary>
    public void Fold(in KeyedBlock plain, in KeyedBlock adjusted)
    {
        if (_adjusted is null && plain.Events.Compares && plain.Events.HasEvents && plain != adjusted)
        {
            // Until the two differ in a block with events the two processes are one.
            _adjusted = new HarmProcess(_r0, _schedule, _plain.Snapshot());
        }

        _plain.Fold(plain.Events, plain.Keys);
        _adjusted?.Fold(adjusted.Events, adjusted.Share, adjusted.Keys);
    }

    /// <summary>What it comes to with the open blocks on top.</summary>
    public HarmReading Read(OpenEvents open, OpenEvents adjusted, double needed)
    {
        var log = _plain.Read(open.Blocks, open.Shares);
        var without = log >= needed ? _plain.ReadWithoutOneKey(open.Blocks, open.Shares, open.Keys, log, needed) : log;
        if (_adjusted is null && open.IsSame(adjusted))
        {
            return new HarmReading(log, without, needed);
        }

        var process = _adjusted ?? _plain;
        var given = process.Read(adjusted.Blocks, adjusted.Shares);
        return new HarmReading(
            log, without, given,
            log >= needed && given >= needed ? process.ReadWithoutOneKey(adjusted.Blocks, adjusted.Shares, adjusted.Keys, given, needed) : given,
            needed);
    }
}
