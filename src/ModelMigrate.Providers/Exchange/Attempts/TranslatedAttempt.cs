using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.Exchange.Attempts;

/// <summary>Calls a model of another protocol through the neutral language.</summary>
internal sealed class TranslatedAttempt(Attempt attempt, ChatRequest translated)
{
    private readonly List<ChatDelta> _held = [];
    private bool _committed;
    private FinishReason? _finish;
    private long? _firstContent;
    private Usage? _usage;
    private string? _version;
    private bool _refused;

    public async Task<AttemptResult> RunAsync()
    {
        var scope = attempt.Scope;
        attempt.WaitForAnswer();
        HeaderRules.ReportDropped(attempt.Request.Headers, attempt.Endpoint.Model.Provider.Kind, attempt.Changes);
        var call = new ModelCall
        {
            Model = attempt.Endpoint.Model,
            Request = translated,
            ExpectedBytes = attempt.Request.Body.Bytes.Length,
            ConnectLimit = attempt.Limits.Connect,
            Headers = attempt.Headers,
            AnswerHeaders = attempt.AnswerHeaders,
            Changes = attempt.Changes,
            RejectsChanges = attempt.Assignment.Route.Changes == ChangesPolicy.Reject,
        };
        try
        {
            return attempt.Request.Body.Stream ? await StreamAsync(call) : await WholeAsync(call);
        }
        catch (OperationCanceledException) when (scope.Cause == StopCause.Finished)
        {
            return await FinishAsync();
        }
        catch (OperationCanceledException) when (scope.Cause != StopCause.None)
        {
            return await EndFailedAsync(attempt.Stopped());
        }
    }

    private async Task<AttemptResult> WholeAsync(ModelCall call)
    {
        var answer = await attempt.Endpoint.ClientOf(attempt.Request.Body.Operation).CompleteAsync(call, attempt.Scope.Token);
        if (!answer.IsOk)
        {
            return Failed(answer.Error);
        }

        (_usage, _version, _finish) = (answer.Result.Usage, answer.Result.Model, answer.Result.Finish);
        _refused = answer.Result.Finish == FinishReason.ContentFilter || answer.Result.Parts.Any(p => p is RefusalPart);
        if (_refused && attempt.RoutesAroundRefusals)
        {
            return GivenUp();
        }

        attempt.Scope.Pause();
        _committed = true;
        await attempt.Client.CommitAsync(attempt.Head(contentType: null, contentLength: null), attempt.Scope.Token);
        await attempt.Client.WriteAsync(answer.Result, attempt.Scope.Token);
        return Done();
    }

    private async Task<AttemptResult> StreamAsync(ModelCall call)
    {
        await using var deltas = attempt.Endpoint.ClientOf(attempt.Request.Body.Operation).StreamAsync(call, attempt.Scope.Token).GetAsyncEnumerator(attempt.Scope.Token);
        while (await NextAsync(deltas))
        {
            var delta = deltas.Current;
            if (delta.Error is { } error)
            {
                return await EndFailedAsync(error);
            }

            _usage = delta.Usage ?? _usage;
            _version ??= delta.Model;
            _finish = delta.Finish ?? _finish;
            _refused |= delta.Finish == FinishReason.ContentFilter || delta.Refusal is not null;
            if (!_committed && _refused && attempt.RoutesAroundRefusals)
            {
                return GivenUp();
            }

            if (!_committed && !TryBegin(delta))
            {
                _held.Add(delta);
                continue;
            }

            await SendAsync(delta);
        }

        return await FinishAsync();
    }

    /// <summary>
    /// Asks for the next event, and sends what was written unless that is here already: events that arrive together leave together, and none waits
    /// for a later one.
    /// </summary>
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatDelta> deltas)
    {
        var next = deltas.MoveNextAsync();
        if (!_committed || next.IsCompleted)
        {
            return await next;
        }

        var moved = next.AsTask();
        attempt.Scope.Pause();
        await attempt.Client.FlushAsync(attempt.Scope.Token).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        attempt.Scope.Wait(_finish is null ? attempt.Limits.Idle : TimeSpan.FromSeconds(1), _finish is null ? StopCause.Idle : StopCause.Finished);
        return await moved;
    }

    private bool TryBegin(in ChatDelta delta)
    {
        var hasContent = delta.HasContent;
        if (!hasContent && delta.Finish is null)
        {
            return false;
        }

        _firstContent = hasContent ? attempt.Time.GetTimestamp() : null;
        return true;
    }

    private async ValueTask SendAsync(ChatDelta delta)
    {
        if (!_committed)
        {
            _committed = true;
            attempt.MarkTold();
            await attempt.Client.CommitAsync(attempt.Head("text/event-stream", contentLength: null), attempt.Scope.Token);
            foreach (var held in _held)
            {
                attempt.Client.Write(held);
            }
        }

        attempt.Client.Write(delta);
    }

    private async Task<AttemptResult> FinishAsync()
    {
        attempt.Scope.Pause();
        if (attempt.LateChanges() is { Length: > 0 } late)
        {
            // Before the end mark: some clients read no further.
            await attempt.Client.WriteAsync(late, CancellationToken.None);
        }

        await attempt.Client.EndStreamAsync(CancellationToken.None);
        return Done();
    }

    private AttemptResult Done() => new()
    {
        Committed = true, Usage = _usage, ModelVersion = _version, FirstContent = _firstContent, Refused = _refused, Finish = _finish,
    };

    private AttemptResult GivenUp() => Failed(attempt.Refused()) with { Refused = true };

    /// <summary>What came before the failure is the client's.</summary>
    private async Task<AttemptResult> EndFailedAsync(ChatError error)
    {
        if (_committed)
        {
            await attempt.Client.FlushAsync(CancellationToken.None);
        }

        return Failed(error);
    }

    private AttemptResult Failed(ChatError error) => Done() with
    {
        Committed = _committed, Error = error, Stop = attempt.Scope.Cause, Refused = null,
    };
}
