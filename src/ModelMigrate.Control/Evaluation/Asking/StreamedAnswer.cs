using System.Text;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Control.Evaluation.Asking;

/// <summary>Puts a streamed answer together and notes when its first piece came: the first text, refusal, thinking or call of a tool. Owned by one call.</summary>
internal sealed class StreamedAnswer(TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private readonly StringBuilder _text = new();
    private readonly SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)> _calls = [];
    private bool _isRefused;
    private string _id = "";
    private string _model = "";
    private FinishReason? _finish;
    private Usage? _usage;

    /// <summary>Null while there was none.</summary>
    public TimeSpan? First { get; private set; }

    /// <summary>Reads the stream to its end; a stream that breaks off is no answer, whatever came of it.</summary>
    public async Task<ChatAnswer> ReadAsync(IAsyncEnumerable<ChatDelta> stream)
    {
        await foreach (var delta in stream)
        {
            if (delta.Error is { } error)
            {
                return ChatAnswer.Failed(error);
            }

            Add(delta);
        }

        ChatPart[] said = _text.Length == 0 ? [] : [_isRefused ? new RefusalPart(_text.ToString()) : new TextPart(_text.ToString())];
        return ChatAnswer.Ok(new ChatResult
        {
            Id = _id,
            Model = _model,
            Parts = [.. said, .. _calls.Values.Select(static call => new ToolCallPart(call.Id, call.Name, call.Arguments.ToString()))],
            Finish = _finish ?? FinishReason.Stop,
            Usage = _usage,
        });
    }

    private void Add(ChatDelta delta)
    {
        if (First is null && delta.HasContent)
        {
            First = time.GetElapsedTime(_began);
        }

        (_id, _model) = (delta.Id ?? _id, delta.Model ?? _model);
        (_finish, _usage) = (delta.Finish ?? _finish, delta.Usage ?? _usage);
        _isRefused |= !string.IsNullOrEmpty(delta.Refusal);
        _text.Append(delta.Text).Append(delta.Refusal);
        if (delta.ToolCall is not { } piece)
        {
            return;
        }

        if (!_calls.TryGetValue(piece.Index, out var call))
        {
            _calls[piece.Index] = call = (piece.Id ?? "", piece.Name ?? "", new StringBuilder());
        }

        call.Arguments.Append(piece.Arguments);
    }
}
