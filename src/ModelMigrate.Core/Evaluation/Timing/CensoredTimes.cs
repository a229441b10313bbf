using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Core.Evaluation.Timing;

/// <summary>
/// Times of calls, of which the failed ones are known only to be at least a limit: a call that failed at once did not answer at once. They stand behind all others, so that
/// failures raise percentiles and never lower them. Owned by one measurement.
/// </summary>
public sealed class CensoredTimes(double limitMs)
{
    private readonly List<double> _known = [];
    private bool _isSorted = true;

    /// <summary>Values, failed ones too.</summary>
    public long Count => _known.Count + Censored;

    /// <summary>Failed ones.</summary>
    public long Censored { get; private set; }

    /// <summary>A measured time.</summary>
    public void Add(double milliseconds)
    {
        _known.Add(milliseconds);
        _isSorted = false;
    }

    /// <summary>A failure: the limit or more.</summary>
    public void AddCensored() => Censored++;

    /// <summary>The percentile by nearest rank. <paramref name="hasInterval"/> false where values depend on each other, as the gaps of one answer do.</summary>
    public PercentileFigure Percentile(double share, bool hasInterval = true)
    {
        if (Count == 0)
        {
            return new PercentileFigure { Share = share };
        }

        var (low, high) = hasInterval ? QuantileRanks.Around(share, Count) : (null, null);
        var rank = QuantileRanks.Of(share, Count);
        return new PercentileFigure
        {
            Share = share,
            Ms = At(rank),
            IsAtLeast = rank > _known.Count,
            LowMs = low is { } from ? At(from) : null,
            HighMs = high is { } to && to <= _known.Count ? At(to) : null,
        };
    }

    private double At(long rank)
    {
        if (!_isSorted)
        {
            _known.Sort();
            _isSorted = true;
        }

        return rank > _known.Count ? limitMs : _known[(int)rank - 1];
    }
}
