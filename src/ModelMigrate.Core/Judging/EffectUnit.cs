namespace ModelMigrate.Core.Judging;

/// <summary>What a gate's effect, margin and tolerance are counted in.</summary>
public enum EffectUnit
{
    /// <summary>A difference of shares of requests: 0.01 is one percentage point.</summary>
    Share,

    /// <summary>A difference of mean scores, or of the share of pairs won from one half.</summary>
    Score,

    /// <summary>A ratio to the source: 1 is equal.</summary>
    Ratio,
}
