using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Checks;

/// <summary>What one check found in one answer.</summary>
/// <param name="Check">Its name.</param>
/// <param name="Passed">Whether the answer passed.</param>
/// <param name="Fault">Where the answer breaks the check, without its words; null when it passed, or when the check's name says it all.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CheckResult(string Check, bool Passed, string? Fault);
