using ModelMigrate.Core.Evaluation.Gating;

namespace ModelMigrate.Control.Evaluation.Load;

/// <summary>One line, and whether a load held it.</summary>
/// <param name="Threshold">As a person writes it: <c>p95 &lt;= 2000 ms</c>.</param>
/// <param name="Verdict">Inconclusive where the requests are too few for it.</param>
/// <param name="Reason">A sentence.</param>
public sealed record LoadCheckLine(string Threshold, GateVerdict Verdict, string Reason);
