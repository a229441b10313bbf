using ModelMigrate.Control.Evaluation.Judging;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>What all judges of a run did cost together.</summary>
/// <param name="Calls">Retries with them.</param>
/// <param name="InputTokens">As the providers report.</param>
/// <param name="OutputTokens">As the providers report.</param>
/// <param name="Dollars">US dollars; null when a price or a usage is unknown.</param>
public sealed record GradingSum(long Calls, long InputTokens, long OutputTokens, decimal? Dollars)
{
    public static GradingSum Of(IEnumerable<JudgeCost> costs) =>
        costs.Aggregate(new GradingSum(0, 0, 0, 0), static (sum, cost) => new GradingSum(sum.Calls + cost.Calls, sum.InputTokens + cost.InputTokens, sum.OutputTokens + cost.OutputTokens, sum.Dollars + cost.Dollars));
}
