using ModelMigrate.Core.Chat;

namespace ModelMigrate.Control.Evaluation.Datasets;

/// <summary>One message of a row. <see cref="ChatRole.System"/> is an instruction.</summary>
public sealed record PromptMessage(ChatRole Role, string Text);
