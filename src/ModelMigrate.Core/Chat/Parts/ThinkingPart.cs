namespace ModelMigrate.Core.Chat.Parts;

/// <summary>What a model thought before it answered.</summary>
/// <param name="Text">As far as the provider shows it; empty when it hides it.</param>
/// <param name="State">What the model needs back to go on from there, or null.</param>
public sealed record ThinkingPart(string Text, OpaqueState? State) : ChatPart;
