namespace ModelMigrate.Core.Observing.Signals;

/// <summary>What is compared request by request, as a number between 0 and 1.</summary>
public enum PairedScore
{
    /// <summary>How good an answer is; 1 is best.</summary>
    Quality,

    /// <summary>How content its reader is; 1 is best.</summary>
    Satisfaction,

    /// <summary>US dollars, as a share of <see cref="ScoreCounts.CostCap"/> times the source's frozen mean; what is above counts as 1.</summary>
    Cost,

    /// <summary>Where the total latency stands among the source's: about its share of faster answers, see <see cref="LatencyRank"/>; 1 is slowest.</summary>
    Latency,

    /// <summary>The same of the time to first token.</summary>
    FirstToken,
}
