using System.Runtime.InteropServices;

namespace ModelMigrate.Providers.Exchange.Bodies;

/// <summary>Bytes of a body that others are sent in place of.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BodyEdit(int Start, int End, byte[] Text);
