using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Chat.Parts;

/// <summary>A cache mark as the Anthropic protocol writes it, for example <c>{"type":"ephemeral"}</c>; no other protocol has it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CacheMark(string Json);
