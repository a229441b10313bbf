namespace ModelMigrate.Tests.Core.Judging.Processes;

/// <summary>How the scores of simulated pairs differ.</summary>
public enum PairLaw
{
    Wide,
    Rare,
    Drifting,
}
