using System.Runtime.CompilerServices;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange.Answers;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.Exchange.Uploads;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Http.Calls;
using ModelMigrate.Providers.OpenAi;
using ModelMigrate.Providers.Sse;

namespace ModelMigrate.Providers.Exchange.Attempts;

/// <summary>Calls a model that speaks the client's own protocol: bytes pass through, and are only looked at on the way.</summary>
internal sealed class NativeAttempt(Attempt attempt)
{
    /// <summary>The longest answer that is held until it is whole.</summary>
    public const int MaxWhole = 32 * 1024 * 1024;

    /// <summary>After the last choice ended, only the usage chunk and the end mark are still waited for, and not for long.</summary>
    private static readonly TimeSpan AfterFinish = TimeSpan.FromSeconds(1);

    private readonly AnswerScanner _scanner = attempt.Endpoint.NewScanner(attempt.Request.Body);
    private bool _committed;
    private string? _streamType;
    private bool _streams;
    private long? _firstContent;

    private ProviderSnapshot Provider => attempt.Endpoint.Model.Provider;

    private ChatBody Body => attempt.Request.Body;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptResult> RunAsync()
    {
        var scope = attempt.Scope;
        try
        {
            attempt.WaitForAnswer();
            using var content = Content();
            if (attempt.Refusal is { } refusal)
            {
                return Failed(refusal);
            }

            using var message = attempt.Endpoint.NewRequest(attempt.Endpoint.UriOf(Body.Operation), content, attempt.Headers, attempt.Limits.Connect);
            using var response = await attempt.Endpoint.Connections.SendAsync(message, scope.Token);
            HeaderRules.Return(response.Headers, attempt.AnswerHeaders);
            if (!response.IsSuccessStatusCode)
            {
                return await RefusedAsync(response);
            }

            // Whether a form asks for a stream may stand behind its file, so that the answer has to say it.
            _streams = Body.Stream || (Body.Upload is not null && IsEventStream(response));

            return _streams ? await StreamAsync(response) : await WholeAsync(response);
        }
        catch (Exception e) when (scope.Cause == StopCause.Finished && e is OperationCanceledException or IOException)
        {
            return await FinishAsync();
        }
        catch (Exception e) when (scope.Cause != StopCause.None && (e is OperationCanceledException || UpstreamFailure.IsTransport(e)))
        {
            return Failed(attempt.Stopped());
        }
        catch (Exception e) when (Body.Upload is { Broken: not null } && UpstreamFailure.IsTransport(e))
        {
            return Failed(new ChatError(ChatErrorKind.Request, $"The form broke off: {Body.Upload.Broken.Message}") { Status = 400, Code = "invalid_http" });
        }
        catch (Exception e) when (UpstreamFailure.IsTransport(e))
        {
            return Failed(_committed ? Broken() : UpstreamFailure.Connection(Provider, e));
        }
        finally
        {
            attempt.Endpoint.Version = _scanner.ModelVersion;
        }
    }

    private HttpContent Content()
    {
        if (Body.Upload is { } form)
        {
            return new UploadContent(form, attempt.Endpoint.NameText, attempt.Scope, attempt.Limits.FirstToken);
        }

        var model = attempt.Endpoint.Model;
        var edits = Body.Operation == Operation.Chat && DialectEdits.AreNeeded(model) ? DialectEdits.Find(Body.Bytes.Span, model, attempt.Changes) : [];
        return edits.Count == 0
            ? new ChatBodyContent(Body, attempt.Endpoint.NameJson, Provider.IncludeUsage)
            : new EditedBodyContent(Body, attempt.Endpoint.NameJson, Provider.IncludeUsage, edits);
    }

    private static bool IsEventStream(HttpResponseMessage response) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase);

    private async Task<AttemptResult> RefusedAsync(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        using var body = await HttpAnswer.ReadAsync(response.Content, UpstreamFailure.MaxErrorBody, attempt.Scope.Token);
        var signs = body is null ? AnswerSigns.Malformed : _scanner.ScanBody(body.Span);
        var isProtocol = (signs & (AnswerSigns.Error | AnswerSigns.Malformed)) == AnswerSigns.Error;
        var error = _scanner.Refusal(Provider, status, HttpAnswer.RetryAfter(response.Headers, attempt.Time.GetUtcNow()));

        // What a provider says about our own credentials is not for clients.
        var pass = isProtocol && error.Kind != ChatErrorKind.Configuration;
        return !pass ? Failed(error) : Failed(error) with
        {
            ErrorBody = body!.Span.ToArray(),
            ErrorType = response.Content.Headers.ContentType is { MediaType: "application/json" } type ? type.ToString() : null,
        };
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptResult> WholeAsync(HttpResponseMessage response)
    {
        using var body = await HttpAnswer.ReadAsync(response.Content, MaxWhole, attempt.Scope.Token);
        if (body is null)
        {
            return Failed(Malformed($"an answer longer than {MaxWhole >> 20} MB"));
        }

        var signs = _scanner.Takes(response.Content.Headers.ContentType?.MediaType) ? _scanner.ScanBody(body.Span) : AnswerSigns.Malformed;
        if ((signs & AnswerSigns.Malformed) != AnswerSigns.None)
        {
            return Failed(Malformed("an answer that does not follow its protocol"));
        }

        if ((signs & AnswerSigns.Error) != AnswerSigns.None)
        {
            return Failed(Reported());
        }

        if (_scanner.Refused && attempt.RoutesAroundRefusals)
        {
            return GivenUp();
        }

        attempt.Scope.Pause();
        _committed = true;
        await attempt.Client.CommitAsync(attempt.Head(ContentType(response) ?? "application/json", body.Length), attempt.Scope.Token);
        await attempt.Client.WriteAsync(body.Memory, attempt.Scope.Token);
        return Done();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptResult> StreamAsync(HttpResponseMessage response)
    {
        if (!IsEventStream(response))
        {
            return Failed(Malformed("no event stream"));
        }

        _streamType = ContentType(response);
        using var buffer = new SseBuffer();
        await using var stream = await response.Content.ReadAsStreamAsync(attempt.Scope.Token);
        while (true)
        {
            var read = await stream.ReadAsync(buffer.Free(), attempt.Scope.Token);
            buffer.Advance(read);
            while (buffer.TryRead(atEnd: read == 0))
            {
                var signs = _scanner.Scan(buffer.Data);
                if (await HandleAsync(signs, buffer) is { } result)
                {
                    return result;
                }
            }

            if (_committed)
            {
                await SendAsync(buffer.Held);
                buffer.Release();
            }
            else if (buffer.IsFull)
            {
                return Failed(Malformed("too much without any content"));
            }

            if (read == 0 || _scanner.HasEnded)
            {
                return _scanner.HasFinished(Body.Choices) ? await FinishAsync() : Failed(Broken());
            }

            if (_committed)
            {
                WaitForMore();
            }
        }
    }

    /// <summary>Deals with one event; a result ends the attempt.</summary>
    private async ValueTask<AttemptResult?> HandleAsync(AnswerSigns signs, SseBuffer buffer)
    {
        if ((signs & (AnswerSigns.Malformed | AnswerSigns.Error)) != AnswerSigns.None)
        {
            if (_committed)
            {
                await SendAsync(buffer.HeldBeforeCurrent);
            }

            return Failed((signs & AnswerSigns.Malformed) != AnswerSigns.None ? Malformed("an event that does not follow its protocol") : Reported());
        }

        if (!_committed && _scanner.Refused && attempt.RoutesAroundRefusals)
        {
            return GivenUp();
        }

        var isWithheld = (signs & AnswerSigns.UsageOnly) != AnswerSigns.None && Provider.IncludeUsage && !Body.AsksUsage;
        if (!_committed && ((signs & (AnswerSigns.Content | AnswerSigns.Finish)) != AnswerSigns.None || isWithheld))
        {
            _committed = true;
            _firstContent = (signs & AnswerSigns.Content) != AnswerSigns.None ? attempt.Time.GetTimestamp() : null;
            await attempt.Client.CommitAsync(attempt.Head(_streamType, contentLength: null) with { Stream = true }, attempt.Scope.Token);
        }

        if (isWithheld || (_committed && buffer.IsHollow))
        {
            await SendAsync(buffer.HeldBeforeCurrent);
            buffer.Release();
        }

        if ((signs & AnswerSigns.Done) == AnswerSigns.None)
        {
            return null;
        }

        if (!_committed)
        {
            return Failed(Malformed("the end of an answer that never began"));
        }

        if (!_scanner.HasFinished(1))
        {
            await SendAsync(buffer.HeldBeforeCurrent);
            return Failed(Broken());
        }

        await SendAsync(buffer.Held);
        return Done();
    }

    private void WaitForMore()
    {
        if (_scanner.HasFinished(Body.Choices))
        {
            attempt.Scope.Wait(AfterFinish, StopCause.Finished);
        }
        else
        {
            attempt.Scope.Wait(attempt.Limits.Idle, StopCause.Idle);
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> events)
    {
        if (events.Length > 0)
        {
            attempt.Scope.Pause();
            await attempt.Client.WriteAsync(events, attempt.Scope.Token);
        }
    }

    private async Task<AttemptResult> FinishAsync()
    {
        await attempt.Client.EndStreamAsync(CancellationToken.None);
        return Done();
    }

    /// <summary>As the provider wrote it, with its parameters.</summary>
    private static string? ContentType(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) ? type.ToString() : null;

    private ChatError Malformed(string what) =>
        new(ChatErrorKind.Malformed, $"The provider '{Provider.Id}' sent {what}.");

    private ChatError Broken() =>
        new(ChatErrorKind.Connection, $"The provider '{Provider.Id}' broke off in the middle of its answer.");

    private ChatError Reported() => _scanner.Reported(Provider);

    private AttemptResult Done() => new()
    {
        Committed = true, Usage = _scanner.Usage, ModelVersion = _scanner.ModelVersion, FirstContent = _firstContent, Refused = _scanner.Refused,
        Held = _scanner.Held, Finish = _scanner.Finish,
    };

    private AttemptResult GivenUp() => Failed(attempt.Refused()) with { Refused = true };

    private AttemptResult Failed(ChatError error) => Done() with
    {
        Committed = _committed, Error = error, Stop = attempt.Scope.Cause, Refused = null,
    };
}
