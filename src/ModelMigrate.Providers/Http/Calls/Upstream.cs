using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Sse;

namespace ModelMigrate.Providers.Http.Calls;

/// <summary>
/// One call over HTTP whose answer is read as typed JSON: whole, or event by event. Failures of the provider come back as values, in
/// <see cref="Error"/>; only the caller's own cancellation throws.
/// </summary>
internal sealed class Upstream(ProviderSnapshot provider, HttpMessageInvoker invoker, CancellationToken cancellation) : IAsyncDisposable
{
    private const int MaxWhole = 32 * 1024 * 1024;

    private readonly SseBuffer _buffer = new();
    private HttpResponseMessage? _response;
    private Stream? _stream;
    private bool _atEnd;

    public ChatError? Error { get; private set; }

    /// <summary>Asks, unless writing the message changed the request more than its route allows.</summary>
    public Task<ChatError?> AskAsync(
        ModelCall call, HttpRequestMessage message, Func<ProviderSnapshot, HttpResponseMessage, ReadOnlyMemory<byte>, ChatError> refused) =>
        call.Refusal is { } changed ? Task.FromResult<ChatError?>(changed) : SendAsync(message, call.AnswerHeaders, refused);

    /// <summary>Sends and waits for the answer's head. An error when the provider refuses, which <paramref name="refused"/> puts into words, or cannot be reached.</summary>
    public async Task<ChatError?> SendAsync(
        HttpRequestMessage message, ICollection<KeyValuePair<string, string>>? answerHeaders,
        Func<ProviderSnapshot, HttpResponseMessage, ReadOnlyMemory<byte>, ChatError> refused)
    {
        try
        {
            _response = await invoker.SendAsync(message, cancellation);
            HeaderRules.Return(_response.Headers, answerHeaders);
            if (_response.IsSuccessStatusCode)
            {
                return null;
            }

            using var body = await HttpAnswer.ReadAsync(_response.Content, UpstreamFailure.MaxErrorBody, cancellation);
            Error = refused(provider, _response, body?.Memory ?? default);
        }
        catch (Exception e) when (UpstreamFailure.IsTransport(e))
        {
            cancellation.ThrowIfCancellationRequested();
            Error = UpstreamFailure.Connection(provider, e);
        }

        return Error;
    }

    /// <summary>Reads the whole answer, or null with <see cref="Error"/> set.</summary>
    public async Task<T?> ReadWholeAsync<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            using var body = await HttpAnswer.ReadAsync(_response!.Content, MaxWhole, cancellation);
            return body is null ? Malformed<T>($"an answer longer than {MaxWhole >> 20} MB") : Parse(body.Span, type);
        }
        catch (Exception e) when (UpstreamFailure.IsTransport(e))
        {
            cancellation.ThrowIfCancellationRequested();
            Error = Broken();
            return null;
        }
    }

    /// <summary>Reads the next event that has data, or null at the end of the stream or with <see cref="Error"/> set.</summary>
    public async ValueTask<T?> ReadEventAsync<T>(JsonTypeInfo<T> type, T done)
        where T : class
    {
        try
        {
            _stream ??= await OpenStreamAsync("text/event-stream");
            while (_stream is not null)
            {
                while (_buffer.TryRead(_atEnd))
                {
                    var isEmpty = _buffer.Data.IsEmpty;
                    var next = isEmpty ? null : _buffer.Data.SequenceEqual("[DONE]"u8) ? done : Parse(_buffer.Data, type);
                    _buffer.Release();
                    if (!isEmpty)
                    {
                        return next;
                    }
                }

                if (_atEnd)
                {
                    return null;
                }

                var read = await _stream.ReadAsync(_buffer.Free(), cancellation);
                _buffer.Advance(read);
                _atEnd = read == 0;
                if (_buffer.IsFull)
                {
                    return Malformed<T>("an endless event");
                }
            }
        }
        catch (Exception e) when (UpstreamFailure.IsTransport(e))
        {
            cancellation.ThrowIfCancellationRequested();
            Error = Broken();
        }

        return null;
    }

    /// <summary>Reads the answer's next bytes as they come; 0 at its end, or with <see cref="Error"/> set, also when it is of another type.</summary>
    public async ValueTask<int> ReadAsync(string type, Memory<byte> into)
    {
        try
        {
            _stream ??= await OpenStreamAsync(type);
            return _stream is null ? 0 : await _stream.ReadAsync(into, cancellation);
        }
        catch (Exception e) when (UpstreamFailure.IsTransport(e))
        {
            cancellation.ThrowIfCancellationRequested();
            Error = Broken();
            return 0;
        }
    }

    public ChatError Broken() => new(ChatErrorKind.Connection, $"The provider '{provider.Id}' broke off in the middle of its answer.");

    public ChatError Malformed(string what) => Error = new ChatError(ChatErrorKind.Malformed, $"The provider '{provider.Id}' sent {what}.");

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }

        _response?.Dispose();
        _buffer.Dispose();
    }

    private async Task<Stream?> OpenStreamAsync(string type)
    {
        if (string.Equals(_response!.Content.Headers.ContentType?.MediaType, type, StringComparison.OrdinalIgnoreCase))
        {
            return await _response.Content.ReadAsStreamAsync(cancellation);
        }

        Malformed("no event stream");
        return null;
    }

    private T? Malformed<T>(string what)
        where T : class
    {
        Malformed(what);
        return null;
    }

    private T? Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? Malformed<T>("nothing where its protocol has an object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Malformed<T>("JSON that does not follow its protocol");
        }
    }
}
