using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Gates;

/// <summary>
/// How long the target has been taking requests while its gate got nothing to compare. Told by admission times and never by a clock, so that
/// a replay tells the same.
/// </summary>
internal sealed class DataWatch(GateState state)
{
    private long? _since = state.NoDataSince;
    private long _until = state.NoDataUntil;

    /// <summary>Admission time in seconds from the first to the newest block that met the target without data for the gate; 0 while data come.</summary>
    public double Seconds => _since is { } since ? _until - since + 1 : 0;

    public long? Since => _since;

    public long Until => _until;

    public void Fold(Block block, bool hasData)
    {
        if (hasData)
        {
            _since = null;
        }
        else if (block.Target.Admissions > 0)
        {
            _since ??= block.Key.FirstSlice;
            _until = Math.Max(_until, block.Key.LastSlice);
        }
    }
}
