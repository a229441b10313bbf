using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;

namespace ModelMigrate.Core.Chat;

/// <summary>A chat request in no provider's protocol: every protocol is read into it and written from it.</summary>
public sealed record ChatRequest
{
    /// <summary>Instructions of the application, in order; empty for none.</summary>
    public IReadOnlyList<TextPart> System { get; init; } = [];

    /// <summary>The conversation, oldest first.</summary>
    public required IReadOnlyList<ChatTurn> Turns { get; init; }

    public IReadOnlyList<ChatTool> Tools { get; init; } = [];

    /// <summary>Null leaves it to the model.</summary>
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>Whether the model may call several tools at once; null for the provider's own rule, which is yes.</summary>
    public bool? ParallelTools { get; init; }

    /// <summary>Null for plain text.</summary>
    public AnswerFormat? Format { get; init; }

    /// <summary>Null for the model's own rule.</summary>
    public Reasoning? Reasoning { get; init; }

    /// <summary>Texts that end the answer, without being part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>The longest answer in tokens, or null for the model's own limit.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>0 to 2; an adapter clamps it to what its provider takes.</summary>
    public double? Temperature { get; init; }

    /// <summary>0 to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>Draw among so many of the likeliest tokens only, or null.</summary>
    public int? TopK { get; init; }

    /// <summary>-2 to 2, or null.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>-2 to 2, or null.</summary>
    public double? FrequencyPenalty { get; init; }

    public long? Seed { get; init; }

    /// <summary>How many answers.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Whether the answer tells its tokens' probabilities.</summary>
    public bool Logprobs { get; init; }

    /// <summary>And those of so many other tokens at each place, or null.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>The application's name for its user, or null.</summary>
    public string? User { get; init; }

    /// <summary>What only one protocol has a word for.</summary>
    public IReadOnlyList<ForeignField> Fields { get; init; } = [];

    /// <summary>The same, with an origin for the state that came without one.</summary>
    public ChatRequest WithOrigin(string family) =>
        Turns.Any(static turn => turn.Parts.Any(IsRaw)) ? this with { Turns = [.. Turns.Select(turn => turn with { Parts = [.. turn.Parts.Select(part => Mark(part, family))] })] } : this;

    private static bool IsRaw(ChatPart part) => part is ThinkingPart { State.Family: null or OpaqueState.OfResponses };

    private static ChatPart Mark(ChatPart part, string family) => IsRaw(part) && part is ThinkingPart { State: { } state } raw ? raw with { State = state with { Family = family } } : part;
}
