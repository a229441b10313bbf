using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>Counts answered requests into histograms, both arms, total and first token.</summary>
internal sealed class LatencyCounter
{
    private readonly int[] _sourceTotal = LatencyHistogram.NewDense();
    private readonly int[] _targetTotal = LatencyHistogram.NewDense();
    private readonly int[] _sourceFirst = LatencyHistogram.NewDense();
    private readonly int[] _targetFirst = LatencyHistogram.NewDense();

    public void Add(in Request request)
    {
        if (!request.Ended || request.Outcome != Outcome.Ok)
        {
            return;
        }

        var source = request.Arm == Arm.Source;
        (source ? _sourceTotal : _targetTotal)[LatencyHistogram.BucketOf(request.Latency)]++;
        if (request.FirstToken is { } first)
        {
            (source ? _sourceFirst : _targetFirst)[LatencyHistogram.BucketOf(first)]++;
        }
    }

    public LatencyHistogram Total(Arm arm) => LatencyHistogram.FromDense(arm == Arm.Source ? _sourceTotal : _targetTotal);

    public LatencyHistogram FirstToken(Arm arm) => LatencyHistogram.FromDense(arm == Arm.Source ? _sourceFirst : _targetFirst);
}
