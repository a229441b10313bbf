using System.Runtime.InteropServices;

namespace ModelMigrate.Control.Evaluation.Running;

/// <summary>How far a run is.</summary>
/// <param name="Done">Answers that are kept, those of earlier runs too.</param>
/// <param name="All">Answers that there will be.</param>
/// <param name="PerSecond">Answers a second in this run.</param>
/// <param name="Left">Time left at that rate, or null before it is known.</param>
/// <param name="Spent">US dollars in this run.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RunProgress(long Done, long All, double PerSecond, TimeSpan? Left, decimal Spent);
