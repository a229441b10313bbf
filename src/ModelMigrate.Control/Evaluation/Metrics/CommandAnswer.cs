using System.Runtime.InteropServices;

namespace ModelMigrate.Control.Evaluation.Metrics;

/// <summary>What a program said to one case.</summary>
/// <param name="Line">Its line, or null.</param>
/// <param name="Wrong">What it did instead, as it goes on after the program's name; null with a line.</param>
/// <param name="HasEnded">Whether it ended without a word.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CommandAnswer(string? Line, string? Wrong, bool HasEnded);
