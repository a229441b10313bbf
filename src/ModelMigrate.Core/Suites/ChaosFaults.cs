namespace ModelMigrate.Core.Suites;

/// <summary>Faults of a simulated provider while a suite runs; afterwards it is as it was.</summary>
/// <param name="At">Where the simulator listens, without its protocol's path.</param>
/// <param name="Set">Name of a fault → its value, as <c>simulate</c> takes them.</param>
public sealed record ChaosFaults(Uri At, IReadOnlyList<KeyValuePair<string, string>> Set);
