using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Routing.Strategies;

/// <summary>What is known of one endpoint when one is chosen. Null where too little was measured.</summary>
/// <param name="InFlight">Calls under way.</param>
/// <param name="FailedChecks">Share of its answers that failed a check of the route, 0 to 1.</param>
/// <param name="Cost">US dollars a call.</param>
/// <param name="LatencyMs">Milliseconds to the first content of a stream, or to a whole answer.</param>
/// <param name="Failures">Share of calls that failed, 0 to 1.</param>
/// <param name="Surplus">Abilities that it has and the request does not need.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EndpointReading(int InFlight, double? FailedChecks, double? Cost, double? LatencyMs, double? Failures, int Surplus = 0);
