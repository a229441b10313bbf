namespace ModelMigrate.Control.Replaying;

/// <summary>How recorded evidence compares with the same worked out again.</summary>
public enum EvidenceMatch
{
    /// <summary>Bit for bit.</summary>
    Identical,

    /// <summary>Every number within 1e-9 of the other, as another runtime's logarithm may leave it.</summary>
    Close,

    Different,

    /// <summary>Not made from evidence: that a source answered its probe.</summary>
    None,
}
