namespace ModelMigrate.Serving;

/// <summary>Why a server could not start.</summary>
/// <param name="ExitCode">2 for the configuration's mistake, 3 for the machine's.</param>
/// <param name="Problems">What is wrong and what to do, one sentence or line each.</param>
internal sealed record ServeFault(int ExitCode, IReadOnlyList<string> Problems);
