using System.Runtime.InteropServices;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Datasets.Reading;

/// <summary>A row as its file has it: an object of columns.</summary>
/// <param name="File">As it was named.</param>
/// <param name="Line">Where it begins, from 1; in a JSON array its place in the array.</param>
/// <param name="Fields">Always an object, or else the row is wrong.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RawRow(string File, long Line, JsonElement Fields);
