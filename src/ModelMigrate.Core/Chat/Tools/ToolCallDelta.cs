namespace ModelMigrate.Core.Chat.Tools;

/// <summary>A piece of a streamed tool call. The first of a call names it; the others append to its arguments.</summary>
/// <param name="Index">The call's number in the answer, from 0.</param>
/// <param name="Id">In the first piece only.</param>
/// <param name="Name">In the first piece only.</param>
/// <param name="Arguments">JSON text to append; null or empty when the piece only begins the call.</param>
public sealed record ToolCallDelta(int Index, string? Id, string? Name, string? Arguments);
