using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Plans.Growing;

/// <summary>
/// What one request of the route adds to the logarithm of each of a gate's bets, on average, and its variance: the judge's own bets at
/// expected counts. For promotion at a margin, or for harm.
/// </summary>
internal readonly ref struct BetRates(Traffic traffic, Question question, double weight, Span<double> mean, Span<double> variance)
{
    /// <summary>Bets that a promotion mixes, whatever its kind.</summary>
    public const int PromoteSize = RatioGrid.PromoteSize;

    /// <summary>Most bets that a harm test mixes.</summary>
    public const int HarmSize = RatioGrid.HarmSize;

    /// <summary>Points of a quarter of a standard deviation on which a difference of scores is spread.</summary>
    private const int Levels = 33;

    private readonly Span<double> _mean = mean;
    private readonly Span<double> _variance = variance;

    /// <summary>Fills in the bets on promotion at a margin factor. Answers how many there are, 0 when the margin is out of range.</summary>
    public int Promotion(GateSpec gate, double factor)
    {
        var margin = JudgeSpec.MarginAt(gate, factor);
        if (ExceedanceOf(gate.Metric) is { } share)
        {
            Ratio(margin, RatioGrid.PromoteLogs, share, SlowShare(share), out _);
            return RatioGrid.PromoteSize;
        }

        if (!(margin is > 0 and < 1) || !IsKnown(gate.Metric))
        {
            return 0;
        }

        var outcomes = Differences(gate);
        for (var j = 0; j < PairBet.Size; j++)
        {
            Bet(j, gate, PairBet.Shares[j] / (1 - margin), outcomes, margin);
        }

        return PairBet.Size;
    }

    /// <summary>
    /// Fills in the bets on harm. Answers how many there are, and what one target event adds to each: harm must also hold without the
    /// events of any one key.
    /// </summary>
    public int Harm(GateSpec gate, Span<double> perEvent)
    {
        perEvent.Clear();
        if (ExceedanceOf(gate.Metric) is { } share)
        {
            Ratio(gate.Tolerance, RatioGrid.HarmLogs, share, SlowShare(share), out var steps);
            steps.CopyTo(perEvent);
            return RatioGrid.HarmSize;
        }

        if (MetricTraits.IsRate(gate.Metric))
        {
            var added = gate.Metric == Metric.ErrorRate ? question.ErrorsAdded : 0;
            Ratio(gate.Tolerance, RatioGrid.HarmLogs, traffic.ErrorRate, Math.Min(1, traffic.ErrorRate + added), out var steps);
            steps.CopyTo(perEvent);
            return RatioGrid.HarmSize;
        }

        if (!IsKnown(gate.Metric))
        {
            return 0;
        }

        // The bet against the target: the sign of the difference is turned.
        var tolerated = gate.Tolerance is >= 0 and < 1 ? gate.Tolerance : 0;
        var outcomes = Differences(gate);
        for (var j = 0; j < PairBet.Size; j++)
        {
            Bet(j, gate, -PairBet.Shares[j] / (1 + tolerated), outcomes, tolerated);
        }

        return PairBet.Size;
    }

    /// <summary>Whether simulated traffic has what a metric compares: not the spread of cost, nor how often answers tie.</summary>
    public static bool IsSimulated(Metric metric) => metric is not (Metric.Cost or Metric.Preference);

    /// <summary>
    /// Whether a formula can tell a metric: of those that can be simulated all but latency as a whole.
    /// </summary>
    public static bool IsKnown(Metric metric) => IsSimulated(metric) && !MetricTraits.IsLatencyRank(metric);

    /// <summary>The share of requests above the source's quantile that a latency metric counts, or null for another metric.</summary>
    public static double? ExceedanceOf(Metric metric) => metric switch
    {
        Metric.LatencyP50 or Metric.FirstTokenP50 => 0.5,
        Metric.LatencyP90 or Metric.FirstTokenP90 => 0.1,
        Metric.LatencyP95 or Metric.FirstTokenP95 => 0.05,
        Metric.ErrorRate or Metric.ThrottlingRate or Metric.CheckFailureRate or Metric.Cost or Metric.Quality or Metric.Preference or Metric.Satisfaction
            or Metric.Latency or Metric.FirstToken => null,
    };

    /// <summary>The target's share above the source's quantile: a lognormal moved by the factor.</summary>
    private double SlowShare(double share) =>
        question.LatencyFactor is 1 ? share
        : traffic.LatencySigma <= 0 ? (question.LatencyFactor > 1 ? 1 : 0)
        : Traffic.UpperTail(Traffic.Exceeded(share) - (Math.Log(question.LatencyFactor) / traffic.LatencySigma));

    private void Ratio(double r0, ReadOnlySpan<double> logs, double sourceShare, double targetShare, out double[] perTarget)
    {
        perTarget = new double[logs.Length];
        var perSource = new double[logs.Length];
        RatioGrid.Steps(weight, r0, logs, perTarget, perSource);
        for (var j = 0; j < logs.Length; j++)
        {
            var (target, source) = (weight * targetShare, (1 - weight) * sourceShare);
            _mean[j] = (target * perTarget[j]) + (source * perSource[j]);
            _variance[j] = (target * perTarget[j] * perTarget[j]) + (source * perSource[j] * perSource[j]);
        }
    }

    // A pair takes one request of each arm from the same block, of those that carry a score.
    private void Bet(int j, GateSpec gate, double lambda, (double Value, double Probability)[] outcomes, double margin)
    {
        var (first, second) = (0.0, 0.0);
        foreach (var (value, probability) in outcomes)
        {
            var log = Math.Log(1 + (lambda * (margin - value)));
            first += probability * log;
            second += probability * log * log;
        }

        var pairs = Math.Min(weight, 1 - weight) * (IsScore(gate.Metric) ? traffic.QualityShare : 1);
        _mean[j] = pairs * first;
        _variance[j] = pairs * (second - (first * first));
    }

    private static bool IsScore(Metric metric) => MetricTraits.UnitOf(metric) == EffectUnit.Score;

    /// <summary>How much worse the target does than the source in one pair, −1 to 1, with probabilities.</summary>
    private (double Value, double Probability)[] Differences(GateSpec gate)
    {
        if (!IsScore(gate.Metric))
        {
            var (source, target) = (traffic.ErrorRate, Math.Min(1, traffic.ErrorRate + (gate.Metric == Metric.ErrorRate ? question.ErrorsAdded : 0)));
            return [(1, target * (1 - source)), (0, (target * source) + ((1 - target) * (1 - source))), (-1, source * (1 - target))];
        }

        var centre = gate.Metric == Metric.Quality ? traffic.Quality * (1 - question.QualityFactor) : 0;
        var outcomes = new (double Value, double Probability)[Levels];
        var sum = 0.0;
        for (var i = 0; i < Levels; i++)
        {
            var z = (i - (Levels / 2)) * 0.25;
            outcomes[i] = (Math.Clamp(centre + (traffic.QualitySpread * z), -1, 1), Math.Exp(-z * z / 2));
            sum += outcomes[i].Probability;
        }

        for (var i = 0; i < Levels; i++)
        {
            outcomes[i].Probability /= sum;
        }

        return outcomes;
    }
}
