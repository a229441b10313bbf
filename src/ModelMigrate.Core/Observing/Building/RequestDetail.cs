using System.Runtime.InteropServices;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>What of a request is only kept when a gate asks for checks or scores.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct RequestDetail
{
    /// <summary>Stands for a score that nobody gave.</summary>
    private const double None = double.NaN;

    /// <summary>Stands for a score that cannot be one.</summary>
    private const double Invalid = double.PositiveInfinity;

    private readonly double _quality;
    private readonly double _satisfaction;
    private readonly double _cost;
    private readonly double _latency;
    private readonly double _firstToken;

    /// <summary>
    /// Costs are taken as shares of <see cref="ScoreCounts.CostCap"/> times <paramref name="meanCost"/>, latencies by their rank among
    /// <paramref name="source"/>; without those there are none.
    /// </summary>
    public RequestDetail(in Observation ended, double? meanCost, FrozenQuantiles? source)
    {
        (Checked, Failed, Pair, Ticket) = (ended.Checked, ended.FailedChecks, ended.Pair, ended.Ticket);
        _quality = Score(ended.Quality);
        _satisfaction = Score(ended.Satisfaction);
        _cost = ended.Outcome is Outcome.ClientError or Outcome.Canceled || ended.Cost is not { } cost || meanCost is not { } mean ? None
            : cost < 0 ? Invalid
            : Math.Min(1, (double)cost / (ScoreCounts.CostCap * mean));

        // As for the exceedances: a timeout is slow, and a fast failure is not a fast answer.
        (_latency, _firstToken) = source is null ? (None, None) : ended.Outcome switch
        {
            Outcome.Ok => (LatencyRank.Total(ended.Latency, source), LatencyRank.FirstToken(ended.FirstToken ?? ended.Latency, source)),
            Outcome.Timeout or Outcome.Skipped => (1, 1),
            Outcome.Error or Outcome.Throttled or Outcome.ClientError or Outcome.Canceled => (None, None),
        };
    }

    public ulong Checked { get; }

    public ulong Failed { get; }

    public ulong Pair { get; }

    public long Ticket { get; }

    public static bool IsGiven(double score) => double.IsFinite(score);

    public static bool IsInvalid(double score) => double.IsInfinity(score);

    /// <summary>A number between 0 and 1, not a number when nobody gave one, infinite when it is invalid.</summary>
    public double this[PairedScore score] => score switch
    {
        PairedScore.Quality => _quality,
        PairedScore.Satisfaction => _satisfaction,
        PairedScore.Cost => _cost,
        PairedScore.Latency => _latency,
        PairedScore.FirstToken => _firstToken,
    };

    private static double Score(double? score) => score switch
    {
        null => None,
        >= 0 and <= 1 => score.Value,
        _ => Invalid,
    };
}
