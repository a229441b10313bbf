using System.Runtime.InteropServices;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Core.Evaluation.Gating;

/// <summary>
/// The scores of both arms by one metric, added case by case in the data set's order; repeats of a case are averaged before they come here. Yes or no
/// without clusters takes no memory for a case, anything else two numbers and the counts of a corpus metric. Owned by whoever adds.
/// </summary>
public sealed class PairedScores
{
    private readonly List<double> _source = [];
    private readonly List<double> _target = [];
    private readonly List<double> _counts = [];
    private readonly List<int> _clusters = [];
    private readonly Dictionary<string, int> _clusterNumbers = new(StringComparer.Ordinal);

    // Cases by source and target, each 0 or 1, until something else comes.
    private readonly long[] _yesNo = new long[4];
    private bool _isYesNo;
    private bool _isMixed;

    public PairedScores(string metric, string sourceSignature, string targetSignature, MetricDirection direction)
    {
        (Metric, SourceSignature, TargetSignature, Direction) = (metric, sourceSignature, targetSignature, direction);
        _isYesNo = true;
    }

    /// <summary>Both arms scored by one metric of the table, or of one's own.</summary>
    public PairedScores(AnswerMetric metric)
        : this(metric.Definition.Id, metric.Signature, metric.Signature, metric.Definition.Direction)
    {
        Corpus = metric.Corpus;
        Range = metric.Definition.High - metric.Definition.Low;
        Worst = WorstScore.Of(metric.Definition);
        _isYesNo = metric.Corpus is null;
    }

    public string Metric { get; }

    public string SourceSignature { get; }

    public string TargetSignature { get; }

    public MetricDirection Direction { get; }

    /// <summary>What makes the value of many cases out of their counts; null when that is the mean.</summary>
    public CorpusScorer? Corpus { get; }

    /// <summary>The largest difference that one case can make; infinite when unknown.</summary>
    public double Range { get; init; } = double.PositiveInfinity;

    /// <summary>The worst score there is; null when there is none or it is not known.</summary>
    public double? Worst { get => field ?? WorstScore.Of(Direction, Range); init; }

    /// <summary>Cases with a score in both arms: only these are compared.</summary>
    public long Pairs { get; private set; }

    /// <summary>All cases.</summary>
    public long Cases { get; private set; }

    public long SourceMissing { get; private set; }

    public long TargetMissing { get; private set; }

    /// <summary>Share of cases that are not compared because an arm has no score.</summary>
    public double MissingShare => Cases == 0 ? 0 : (Cases - Pairs) / (double)Cases;

    /// <summary>Whether cases belong together.</summary>
    public bool HasClusters => _clusterNumbers.Count > 0;

    /// <summary>
    /// One case. Null: the arm has no score for it. <paramref name="cluster"/>: cases with the same word belong together, such as questions about one text; all
    /// cases have one or none has. The counts are of a corpus metric, and needed there.
    /// </summary>
    public void Add(double? source, double? target, string? cluster = null, ReadOnlySpan<double> sourceCounts = default, ReadOnlySpan<double> targetCounts = default)
    {
        Cases++;
        SourceMissing += source is null ? 1 : 0;
        TargetMissing += target is null ? 1 : 0;
        if (source is not { } first || target is not { } second)
        {
            return;
        }

        if (Corpus is { } corpus && (sourceCounts.Length != corpus.Width || targetCounts.Length != corpus.Width))
        {
            throw new ArgumentException($"A case of {Metric} has {corpus.Width} counts in each arm.", nameof(sourceCounts));
        }

        _isMixed |= Pairs > 0 && HasClusters != (cluster is not null);
        Pairs++;
        if (_isYesNo && cluster is null && first is 0 or 1 && second is 0 or 1)
        {
            _yesNo[(int)((2 * first) + second)]++;
            return;
        }

        if (_isYesNo)
        {
            Spread(_source, _target);
            _isYesNo = false;
        }

        _source.Add(first);
        _target.Add(second);
        _counts.AddRange(sourceCounts);
        _counts.AddRange(targetCounts);
        if (cluster is not null)
        {
            _clusters.Add(_clusterNumbers.TryGetValue(cluster, out var number) ? number : _clusterNumbers[cluster] = _clusterNumbers.Count);
        }
    }

    /// <summary>Whether some cases have a cluster and others none.</summary>
    internal bool IsMixed => _isMixed;

    /// <summary>Pairs in which only the source and only the target has a 1; null when a score is neither 0 nor 1.</summary>
    internal (long OnlySource, long OnlyTarget)? YesNo => _isYesNo ? (_yesNo[2], _yesNo[1]) : null;

    /// <summary>The scores of both arms, pair by pair.</summary>
    internal (double[] Source, double[] Target) Values()
    {
        if (!_isYesNo)
        {
            return ([.. _source], [.. _target]);
        }

        var (source, target) = (new List<double>(), new List<double>());
        Spread(source, target);
        return ([.. source], [.. target]);
    }

    /// <summary>The cluster of each pair; empty without clusters.</summary>
    internal ReadOnlySpan<int> Clusters => CollectionsMarshal.AsSpan(_clusters);

    /// <summary>Both arms' counts of each pair side by side; empty for a metric whose value is the mean.</summary>
    internal ReadOnlySpan<double> Counts => CollectionsMarshal.AsSpan(_counts);

    /// <summary>The value of an arm over the pairs: the corpus value, or the mean.</summary>
    internal double Value(bool ofTarget) => YesNo is not null ? (_yesNo[3] + _yesNo[ofTarget ? 1 : 2]) / (double)Pairs
        : Corpus is null ? Statistics.MeanEstimate.Of(CollectionsMarshal.AsSpan(ofTarget ? _target : _source)).Mean
        : Corpus.Corpus(Sums().AsSpan(ofTarget ? Corpus.Width : 0, Corpus.Width));

    private double[] Sums() => Statistics.CountTable.Of([.. _counts], 2 * Corpus!.Width, static _ => 0).Sums();

    /// <summary>What was only counted becomes cases, in the order of the counts.</summary>
    private void Spread(List<double> source, List<double> target)
    {
        for (var kind = 0; kind < 4; kind++)
        {
            source.AddRange(Enumerable.Repeat<double>(kind / 2, (int)_yesNo[kind]));
            target.AddRange(Enumerable.Repeat<double>(kind % 2, (int)_yesNo[kind]));
        }
    }
}
