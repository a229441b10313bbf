namespace ModelMigrate.Core.Chat.Parts;

/// <summary>The model asks for a tool to be run.</summary>
/// <param name="Id">Ties the result to the call.</param>
/// <param name="Name">Which tool.</param>
/// <param name="Arguments">JSON text, as the model wrote it: it need not be valid, and may be empty.</param>
public sealed record ToolCallPart(string Id, string Name, string Arguments) : ChatPart;
