namespace ModelMigrate.Core.Judging;

/// <summary>What became of a block offered to a judge.</summary>
public enum FoldResult
{
    Folded,

    /// <summary>Its key, or a later one of the same replica, was counted before; nothing changed.</summary>
    Duplicate,

    /// <summary>Of another migration or attempt; nothing changed.</summary>
    Foreign,

    /// <summary>Not ended; nothing changed.</summary>
    Open,

    /// <summary>Its counts contradict themselves: the judge decides nothing from here on.</summary>
    Inconsistent,
}
