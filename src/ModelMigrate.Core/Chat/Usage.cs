using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Chat;

/// <summary>Tokens that a provider reported.</summary>
/// <param name="InputTokens">The whole prompt; cached tokens are part of it, counted once.</param>
/// <param name="OutputTokens">The whole answer, reasoning included.</param>
/// <param name="CachedInputTokens">The part of the prompt that was read from the provider's cache.</param>
/// <param name="CacheWriteTokens">The part of the prompt that was written to the provider's cache.</param>
/// <param name="ReasoningTokens">The part of the answer that the model thought.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Usage(
    long InputTokens, long OutputTokens, long CachedInputTokens = 0, long CacheWriteTokens = 0, long ReasoningTokens = 0);
