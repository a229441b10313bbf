using System.Runtime.InteropServices;
using ModelMigrate.Core.Evaluation.Timing;

namespace ModelMigrate.Control.Evaluation.Load;

/// <summary>How far a load is.</summary>
/// <param name="Elapsed">Since its start.</param>
/// <param name="Requests">That came.</param>
/// <param name="InFlight">Under way now.</param>
/// <param name="Answered">With an answer.</param>
/// <param name="Failed">Without one, unsent ones not counted.</param>
/// <param name="NotSent">That came while too many were under way.</param>
/// <param name="P99">So far.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LoadProgress(TimeSpan Elapsed, long Requests, int InFlight, long Answered, long Failed, long NotSent, PercentileFigure P99);
