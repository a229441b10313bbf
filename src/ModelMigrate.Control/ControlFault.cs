namespace ModelMigrate.Control;

/// <summary>Why the controller cannot run.</summary>
/// <param name="ExitCode">2 for the configuration's mistake, 3 for the machine's.</param>
/// <param name="Problems">What is wrong and what to do, one sentence or line each.</param>
public sealed record ControlFault(int ExitCode, IReadOnlyList<string> Problems);
