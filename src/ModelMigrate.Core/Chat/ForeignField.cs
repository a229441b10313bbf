using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Core.Chat;

/// <summary>A request field that only one protocol has a word for; it travels on where that protocol is spoken, and is reported where not.</summary>
/// <param name="Protocol">Whose it is.</param>
/// <param name="Name">The protocol's name of it.</param>
/// <param name="Json">Its value as it stands in the request.</param>
public sealed record ForeignField(ProviderKind Protocol, string Name, string Json)
{
    /// <summary>Whether the protocol's chat has it; a field of another of its endpoints is for no chat model.</summary>
    public bool IsOfChat { get; init; } = true;
}
