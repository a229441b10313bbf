using System.Runtime.InteropServices;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Providers.Exchange;

/// <summary>A provider's answer to a question for the length of a prompt.</summary>
/// <param name="Body">Its own words; also those of its error, where they are in its protocol and not about our credentials.</param>
/// <param name="Error">Why there is no count, or null.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TokenCount(ReadOnlyMemory<byte> Body, ChatError? Error);
