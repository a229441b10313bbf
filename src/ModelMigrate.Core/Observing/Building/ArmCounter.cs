using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>Counts one arm's requests of a block as they begin and end, so that a look at the block need not go through them.</summary>
internal sealed class ArmCounter
{
    private readonly CellCounter _total = new();
    private readonly CellCounter _first = new();
    private ArmCounts _ended;
    private LatencyHistogram? _latency = LatencyHistogram.Empty;
    private LatencyHistogram? _firstToken = LatencyHistogram.Empty;

    public int Admissions { get; private set; }

    public int Open { get; private set; }

    public ArmCounts Counts => _ended with { Admissions = Admissions };

    /// <summary>Total latency of the answers.</summary>
    public LatencyHistogram Latency => _latency ??= LatencyHistogram.Of(_total.Read());

    /// <summary>Time to first content of the answers.</summary>
    public LatencyHistogram FirstToken => _firstToken ??= LatencyHistogram.Of(_first.Read());

    public void Admit()
    {
        Admissions++;
        Open++;
    }

    public void End(in Observation ended)
    {
        Open--;
        var outcome = ended.Outcome;
        _ended = _ended with
        {
            Ended = _ended.Ended + 1,
            Failures = _ended.Failures + (Request.Fails(outcome) ? 1 : 0),
            Throttled = _ended.Throttled + (outcome == Outcome.Throttled ? 1 : 0),
            Timeouts = _ended.Timeouts + (outcome == Outcome.Timeout ? 1 : 0),
            Skipped = _ended.Skipped + (outcome == Outcome.Skipped ? 1 : 0),
            ClientErrors = _ended.ClientErrors + (outcome == Outcome.ClientError ? 1 : 0),
            Canceled = _ended.Canceled + (outcome == Outcome.Canceled ? 1 : 0),
            Rescued = _ended.Rescued + (ended.Rescued ? 1 : 0),
            UserErrors = _ended.UserErrors + (ended.UserError ? 1 : 0),
            InputTokens = _ended.InputTokens + ended.InputTokens,
            OutputTokens = _ended.OutputTokens + ended.OutputTokens,
            Cost = _ended.Cost + (ended.Cost ?? 0),
        };
        if (outcome != Outcome.Ok || ended.LatencyUnknown)
        {
            return;
        }

        _total.Add((ushort)LatencyHistogram.BucketOf(ended.Latency));
        _latency = null;
        if (ended.FirstToken is { } first)
        {
            _first.Add((ushort)LatencyHistogram.BucketOf(first));
            _firstToken = null;
        }
    }

    /// <summary>Makes it as new.</summary>
    public void Clear()
    {
        (Admissions, Open, _ended) = (0, 0, default);
        (_latency, _firstToken) = (LatencyHistogram.Empty, LatencyHistogram.Empty);
        _total.Clear();
        _first.Clear();
    }
}
