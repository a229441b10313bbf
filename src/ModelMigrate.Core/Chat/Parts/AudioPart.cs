namespace ModelMigrate.Core.Chat.Parts;

/// <summary>Spoken input.</summary>
/// <param name="Format">For example <c>wav</c>.</param>
/// <param name="Data">The bytes in base64.</param>
public sealed record AudioPart(string Format, JsonText Data) : ChatPart;
