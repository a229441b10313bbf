using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Core.Checks.Schemas;

namespace ModelMigrate.Core.Promptfoo;

/// <summary>A function that a provider is told of.</summary>
/// <param name="Tool">As it is sent.</param>
public sealed record PromptfooTool(ChatTool Tool)
{
    /// <summary>What its arguments must hold to; null for a tool without a schema.</summary>
    internal JsonSchema? Schema { get; init; }
}
