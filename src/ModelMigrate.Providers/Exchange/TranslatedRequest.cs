using ModelMigrate.Core.Chat;

namespace ModelMigrate.Providers.Exchange;

/// <summary>A request in the neutral language.</summary>
/// <param name="Request">What it says.</param>
/// <param name="Changed">The fields that could not be carried over as they were, comma-separated; null for none.</param>
public readonly record struct TranslatedRequest(ChatRequest Request, string? Changed);
