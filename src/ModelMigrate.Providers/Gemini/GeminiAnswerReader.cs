using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.Gemini;

/// <summary>
/// Reads one answer of generateContent, whole or chunk by chunk, into the neutral language. A signature belongs to the part that it
/// stands on; in the neutral language it is the state of the thinking before that part.
/// </summary>
internal sealed class GeminiAnswerReader(ModelCall call)
{
    private string _id = "";
    private string? _finish;
    private bool _isBlocked;
    private int _calls;
    private Usage? _usage;

    public ChatResult Read(GeminiWire answer)
    {
        _id = answer.ResponseId ?? "";
        var parts = new List<ChatPart>();
        foreach (var part in PartsOf(answer))
        {
            ReadPart(part, parts);
        }

        Ended(answer);
        if (RefusalOf(answer) is { } words)
        {
            parts.Add(new RefusalPart(words));
        }

        Report(answer);
        return new ChatResult
        {
            Id = _id, Model = answer.ModelVersion ?? call.Model.Name, Parts = parts, Finish = FinishOf(), Usage = UsageOf(answer.UsageMetadata),
        };
    }

    /// <summary>The deltas of one chunk, in order. A call comes whole.</summary>
    public void ReadChunk(GeminiWire chunk, List<ChatDelta> into)
    {
        _id = chunk.ResponseId ?? _id;
        _usage = UsageOf(chunk.UsageMetadata) ?? _usage;
        foreach (var part in PartsOf(chunk))
        {
            ReadPart(part, into);
        }

        Ended(chunk);
        Report(chunk);
        if (RefusalOf(chunk) is { } words)
        {
            into.Add(new ChatDelta { Refusal = words });
        }

        var head = new ChatDelta { Id = chunk.ResponseId, Model = chunk.ModelVersion, Usage = _usage };
        if (into.Count == 0)
        {
            into.Add(head);
        }
        else
        {
            into[0] = into[0] with { Id = head.Id, Model = head.Model, Usage = head.Usage };
        }
    }

    /// <summary>The finish of a stream that has ended, or null when the provider never said one.</summary>
    public ChatDelta? End() => _finish is null && !_isBlocked ? null : new ChatDelta { Finish = FinishOf(), Usage = _usage };

    private void ReadPart(GeminiWire.Part part, List<ChatPart> parts)
    {
        var state = StateOf(part);
        if (part.Thought == true)
        {
            parts.Add(new ThinkingPart(part.Text ?? "", state));
            return;
        }

        if (state is not null)
        {
            AddState(parts, state);
        }

        if (part.FunctionCall is { } wanted)
        {
            parts.Add(new ToolCallPart(IdOf(wanted), NameOf(wanted), ArgumentsOf(wanted)));
            _calls++;
        }
        else if (!string.IsNullOrEmpty(part.Text))
        {
            parts.Add(new TextPart(part.Text));
        }
        else
        {
            ReportPart(part);
        }
    }

    private void ReportPart(GeminiWire.Part part)
    {
        if (part.InlineData is not null || part.ExecutableCode is not null)
        {
            call.Changes.Dropped(part.InlineData is not null ? "answer.inlineData" : "answer.executableCode");
        }
    }

    private void ReadPart(GeminiWire.Part part, List<ChatDelta> into)
    {
        var state = StateOf(part);
        if (part.Thought == true && !string.IsNullOrEmpty(part.Text))
        {
            into.Add(new ChatDelta { Thinking = part.Text });
        }

        if (state is not null)
        {
            into.Add(new ChatDelta { State = state });
        }

        if (part.FunctionCall is { } wanted)
        {
            into.Add(new ChatDelta { ToolCall = new ToolCallDelta(_calls, IdOf(wanted), NameOf(wanted), null) });
            into.Add(new ChatDelta { ToolCall = new ToolCallDelta(_calls++, null, null, ArgumentsOf(wanted)) });
        }
        else if (part.Thought != true && !string.IsNullOrEmpty(part.Text))
        {
            into.Add(new ChatDelta { Text = part.Text });
        }
        else
        {
            ReportPart(part);
        }
    }

    /// <summary>A summary of the thinking that has no state of its own gets the one that follows it: clients have one place for both.</summary>
    private static void AddState(List<ChatPart> parts, OpaqueState state)
    {
        if (parts is [.., ThinkingPart { State: null } before])
        {
            parts[^1] = before with { State = state };
        }
        else
        {
            parts.Add(new ThinkingPart("", state));
        }
    }

    private OpaqueState? StateOf(GeminiWire.Part part) => string.IsNullOrEmpty(part.ThoughtSignature) ? null : new OpaqueState(part.ThoughtSignature, call.Model.Family);

    /// <summary>Older models name no id; clients tell calls of several turns apart by it.</summary>
    private string IdOf(GeminiWire.Call wanted) => !string.IsNullOrEmpty(wanted.Id) ? wanted.Id : _id.Length > 0 ? $"call_{_id}_{_calls}" : $"call_{_calls}";

    private string NameOf(GeminiWire.Call wanted) => ToolNames.Gemini.Back(wanted.Name ?? "", call.Request.Tools);

    private static string ArgumentsOf(GeminiWire.Call wanted) => wanted.Args is { ValueKind: JsonValueKind.Object } args ? args.GetRawText() : "{}";

    private static IEnumerable<GeminiWire.Part> PartsOf(GeminiWire answer) =>
        answer.Candidates is [{ Content.Parts: { } parts }, ..] ? parts.OfType<GeminiWire.Part>() : [];

    private void Ended(GeminiWire answer)
    {
        _finish = answer.Candidates is [{ FinishReason: { } reason }, ..] ? reason : _finish;
        _isBlocked |= answer.PromptFeedback?.BlockReason is not null;
    }

    /// <summary>A prompt that is blocked has no answer at all: it is a refusal, and a client must be able to tell it from silence.</summary>
    private static string? RefusalOf(GeminiWire answer) => answer.PromptFeedback is { BlockReason: { } reason } feedback
        ? feedback.BlockReasonMessage ?? $"The provider blocked the prompt: {reason}."
        : answer.Candidates is [{ FinishReason: { } finish, FinishMessage: { } message }, ..] && IsWithheld(finish) ? message : null;

    /// <summary>Calls speak louder than the provider's STOP: a client that is told "stop" runs no tool.</summary>
    private FinishReason FinishOf() => _finish switch
    {
        _ when _isBlocked => FinishReason.ContentFilter,
        "MAX_TOKENS" => FinishReason.Length,
        { } reason when IsWithheld(reason) => FinishReason.ContentFilter,
        _ when _calls > 0 => FinishReason.ToolCalls,
        _ => FinishReason.Stop,
    };

    private static bool IsWithheld(string reason) =>
        reason is "SAFETY" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "IMAGE_SAFETY" or "LANGUAGE";

    /// <summary>Thinking is counted beside the answer here; the neutral language counts the whole answer once, thinking included.</summary>
    private static Usage? UsageOf(GeminiWire.Tokens? tokens) => tokens is null
        ? null
        : new Usage(
            (tokens.PromptTokenCount ?? 0) + (tokens.ToolUsePromptTokenCount ?? 0), (tokens.CandidatesTokenCount ?? 0) + (tokens.ThoughtsTokenCount ?? 0),
            tokens.CachedContentTokenCount ?? 0, 0, tokens.ThoughtsTokenCount ?? 0);

    private void Report(GeminiWire answer)
    {
        if (answer.Candidates is [{ } candidate, ..])
        {
            Report("answer.groundingMetadata", candidate.GroundingMetadata);
            Report("answer.citationMetadata", candidate.CitationMetadata);
        }
    }

    private void Report(string what, JsonElement? value)
    {
        if (value is { ValueKind: JsonValueKind.Object } group && group.EnumerateObject().Any())
        {
            call.Changes.DroppedOnce(what);
        }
    }
}
