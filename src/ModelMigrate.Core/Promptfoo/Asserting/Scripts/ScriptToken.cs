using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Promptfoo.Asserting.Scripts;

/// <summary>One word of an expression.</summary>
/// <param name="Kind"><c>n</c> a number, <c>s</c> a text, <c>r</c> a regular expression, <c>i</c> a name, <c>o</c> a sign, <c>e</c> the end.</param>
/// <param name="Text">Its content.</param>
/// <param name="Flags">Of a regular expression.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ScriptToken(char Kind, string Text, string Flags);
