using System.Runtime.InteropServices;
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

    /// <summary>Costs are taken as shares of <see cref="ScoreCounts.CostCap"/> times <paramref name="meanCost"/>; without it there are none.</summary>
    public RequestDetail(in Observation ended, double? meanCost)
    {
        (Checked, Failed, Pair, Ticket) = (ended.Checked, ended.FailedChecks, ended.Pair, ended.Ticket);
        _quality = Score(ended.Quality);
        _satisfaction = Score(ended.Satisfaction);
        _cost = ended.Outcome is Outcome.ClientError or Outcome.Canceled || ended.Cost is not { } cost || meanCost is not { } mean ? None
            : cost < 0 ? Invalid
            : Math.Min(1, (double)cost / (ScoreCounts.CostCap * mean));
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
    };

    private static double Score(double? score) => score switch
    {
        null => None,
        >= 0 and <= 1 => score.Value,
        _ => Invalid,
    };
}
