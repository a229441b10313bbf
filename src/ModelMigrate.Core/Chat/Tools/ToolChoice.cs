namespace ModelMigrate.Core.Chat.Tools;

/// <summary>Whether and which tool the model must call.</summary>
/// <param name="Mode">The rule.</param>
/// <param name="Name">The tool, when <see cref="ToolChoiceMode.Named"/>.</param>
public sealed record ToolChoice(ToolChoiceMode Mode, string? Name = null);
