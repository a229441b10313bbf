using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Control.Evaluation.Judging;

/// <summary>A share with Wilson's 95 % interval.</summary>
/// <param name="Value">0 to 1; null of nothing.</param>
/// <param name="Low95">0 of nothing.</param>
/// <param name="High95">1 of nothing.</param>
/// <param name="Of">How many it is a share of.</param>
public sealed record ShareFigure(double? Value, double Low95, double High95, int Of)
{
    internal static ShareFigure From(double sum, int count)
    {
        var interval = Wilson.Of(sum, count);
        return new ShareFigure(count == 0 ? null : sum / count, interval.Low, interval.High, count);
    }
}
