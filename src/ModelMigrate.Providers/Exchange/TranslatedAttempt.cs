using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Providers.Exchange;

/// <summary>Calls a model of another protocol through the neutral language.</summary>
internal sealed class TranslatedAttempt(Attempt attempt, ChatRequest translated)
{
    private readonly List<ChatDelta> _held = [];
    private bool _committed;
    private bool _finished;
    private long? _firstContent;
    private Usage? _usage;
    private string? _version;
    private bool _refused;

    public async Task<AttemptResult> RunAsync()
    {
        var scope = attempt.Scope;
        scope.Wait(attempt.Limits.FirstToken, StopCause.FirstToken);
        var call = new ModelCall
        {
            Model = attempt.Endpoint.Model,
            Request = translated,
            ConnectLimit = attempt.Limits.Connect,
            Headers = attempt.Request.Headers,
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
            return Failed(attempt.Stopped());
        }
    }

    private async Task<AttemptResult> WholeAsync(ModelCall call)
    {
        var answer = await attempt.Endpoint.Client.CompleteAsync(call, attempt.Scope.Token);
        if (!answer.IsOk)
        {
            return Failed(answer.Error);
        }

        (_usage, _version) = (answer.Result.Usage, answer.Result.Model);
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
        await foreach (var delta in attempt.Endpoint.Client.StreamAsync(call, attempt.Scope.Token))
        {
            if (delta.Error is { } error)
            {
                return Failed(error);
            }

            _usage = delta.Usage ?? _usage;
            _version ??= delta.Model;
            _finished |= delta.Finish is not null;
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

            attempt.Scope.Pause();
            await SendAsync(delta);
            attempt.Scope.Wait(
                _finished ? TimeSpan.FromSeconds(1) : attempt.Limits.Idle, _finished ? StopCause.Finished : StopCause.Idle);
        }

        return await FinishAsync();
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
            await attempt.Client.CommitAsync(attempt.Head("text/event-stream", contentLength: null), attempt.Scope.Token);
            foreach (var held in _held)
            {
                await attempt.Client.WriteAsync(held, attempt.Scope.Token);
            }
        }

        await attempt.Client.WriteAsync(delta, attempt.Scope.Token);
    }

    private async Task<AttemptResult> FinishAsync()
    {
        attempt.Scope.Pause();
        await attempt.Client.EndStreamAsync(CancellationToken.None);
        return Done();
    }

    private AttemptResult Done() => new()
    {
        Committed = true, Usage = _usage, ModelVersion = _version, FirstContent = _firstContent, Refused = _refused,
    };

    private AttemptResult GivenUp() => Failed(attempt.Refused()) with { Refused = true };

    private AttemptResult Failed(ChatError error) => Done() with
    {
        Committed = _committed, Error = error, Stop = attempt.Scope.Cause, Refused = null,
    };
}
