using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Core.Chat.Parts;

/// <summary>Content that only one protocol has a word for; it travels on where that protocol is spoken.</summary>
/// <param name="Protocol">Whose it is.</param>
/// <param name="Type">The protocol's name of it.</param>
/// <param name="Json">As it stands in the request.</param>
public sealed record ForeignPart(ProviderKind Protocol, string Type, string Json) : ChatPart;
