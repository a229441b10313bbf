namespace ModelMigrate.Core.Judging.Processes;

/// <summary>On which side of 0 a bet places the mean of Z.</summary>
internal enum PairSide
{
    /// <summary>Evidence that E[Z] &gt; 0, against H0: E[Z] ≤ 0.</summary>
    Above,

    /// <summary>Evidence that E[Z] &lt; 0, against H0: E[Z] ≥ 0.</summary>
    Below,
}
