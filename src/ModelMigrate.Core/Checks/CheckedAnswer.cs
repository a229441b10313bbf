using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Checks;

/// <summary>What a check may look at: one whole answer as its client got it, the first choice when there are several.</summary>
/// <param name="Text">All its text.</param>
/// <param name="Refused">Whether the model or its provider refused to answer.</param>
/// <param name="CallsTools">Whether it asks for a tool; then its text is no answer yet.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CheckedAnswer(string Text, bool Refused, bool CallsTools);
