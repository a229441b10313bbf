namespace ModelMigrate.Core.Suites.Parity;

/// <summary>Both models on one prompt.</summary>
/// <param name="Source">The model that users have.</param>
/// <param name="Target">The model that they would get.</param>
/// <param name="References">What the answer should be; empty when nobody knows.</param>
public sealed record ParityPair(ParitySide Source, ParitySide Target, IReadOnlyList<string> References);
