using System.Text;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Core.Chat;

/// <summary>A whole answer.</summary>
public sealed record ChatResult
{
    /// <summary>The provider's id of the answer.</summary>
    public required string Id { get; init; }

    /// <summary>The model version that the provider reports.</summary>
    public required string Model { get; init; }

    /// <summary>Thinking, texts, refusals and tool calls, in order.</summary>
    public required IReadOnlyList<ChatPart> Parts { get; init; }

    public required FinishReason Finish { get; init; }

    /// <summary>The stop text that was met, where the provider tells it.</summary>
    public string? StopText { get; init; }

    public Usage? Usage { get; init; }

    /// <summary>The answer's texts, one after the other.</summary>
    public string Text => Parts is [TextPart only] ? only.Text : new StringBuilder().AppendJoin(separator: "", Parts.OfType<TextPart>().Select(p => p.Text)).ToString();
}
