namespace ModelMigrate.Core.Suites.Contracts;

/// <summary>What a server answered.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Headers">Name → values, in any case.</param>
/// <param name="Body">As UTF-8 text.</param>
/// <param name="Events">Name and data of each event, when the case expects a stream.</param>
public sealed record ContractAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body, IReadOnlyList<(string Name, string Data)> Events);
