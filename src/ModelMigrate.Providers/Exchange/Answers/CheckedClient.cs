using System.Diagnostics.CodeAnalysis;
using System.Text;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Checks;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.Exchange.Answers;

/// <summary>
/// Stands before a client whose answer is checked, and remembers what it was sent; what that says is only read once all of it is sent.
/// Has one owner, the exchange.
/// </summary>
internal sealed class CheckedClient(ExchangeClient client) : ExchangeClient, IDisposable
{
    /// <summary>A longer answer is not checked.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    private readonly PooledBytes _bytes = new(expected: 0);
    private readonly StringBuilder _text = new();
    private bool _refused;
    private bool _callsTools;
    private bool _isTooLong;

    /// <summary>Stands before a client whose answer is checked, or compared; null where nobody looks.</summary>
    public static CheckedClient? For(ExchangeRequest request, ExchangeClient client) =>
        request.Body.HasWords && (request.Route.Checks.Count > 0 || request.Route.Split?.Hybrid == HybridMode.Hybrid) ? new CheckedClient(client) : null;

    public override bool TryTranslate(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatRequest? translated, out ChatError? error) =>
        client.TryTranslate(body, out translated, out error);

    public override ValueTask CommitAsync(AnswerHead head, CancellationToken cancellation) => client.CommitAsync(head, cancellation);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (Takes(bytes.Length))
        {
            _bytes.Append(bytes.Span);
        }

        return client.WriteAsync(bytes, cancellation);
    }

    public override void Write(ChatDelta delta)
    {
        Add(delta);
        client.Write(delta);
    }

    public override ValueTask FlushAsync(CancellationToken cancellation) => client.FlushAsync(cancellation);

    public override ValueTask WriteAsync(ChatResult result, CancellationToken cancellation)
    {
        Add(result);
        return client.WriteAsync(result, cancellation);
    }

    public override void Continue(BegunAnswer begun) => client.Continue(begun);

    public override ValueTask EndStreamAsync(CancellationToken cancellation) => client.EndStreamAsync(cancellation);

    public override ValueTask FailAsync(ExchangeFailure failure) => client.FailAsync(failure);

    /// <summary>The answer that was sent, its bytes in the protocol of <paramref name="body"/>; null when it is too long to be checked, or cannot be read.</summary>
    public CheckedAnswer? Read(ChatBody body, ModelSnapshot model)
    {
        if (_isTooLong)
        {
            return null;
        }

        if (_bytes.Length > 0)
        {
            // What was resumed follows what passed through.
            var resumed = _text.ToString();
            _text.Clear();
            if (!SentBytes.TryRead(body, model, _bytes.Memory, Add, Add))
            {
                return null;
            }

            _text.Append(resumed);
        }

        return new CheckedAnswer(_text.ToString(), _refused, _callsTools);
    }

    public void Dispose() => _bytes.Dispose();

    private void Add(ChatDelta delta)
    {
        if (delta.Text is { Length: > 0 } text && Takes(text.Length))
        {
            _text.Append(text);
        }

        _refused |= !string.IsNullOrEmpty(delta.Refusal) || delta.Finish == FinishReason.ContentFilter;
        _callsTools |= delta.ToolCall is not null;
    }

    private void Add(ChatResult result)
    {
        var text = result.Text;
        if (Takes(text.Length))
        {
            _text.Append(text);
        }

        _refused |= result.Finish == FinishReason.ContentFilter || result.Parts.Any(static part => part is RefusalPart);
        _callsTools |= result.Parts.Any(static part => part is ToolCallPart);
    }

    private bool Takes(int length) => !(_isTooLong |= _bytes.Length + _text.Length + length > MostBytes);
}
