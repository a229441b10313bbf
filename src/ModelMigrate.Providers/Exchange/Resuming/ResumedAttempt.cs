using System.Text;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange.Attempts;

namespace ModelMigrate.Providers.Exchange.Resuming;

/// <summary>Goes on with a stream that broke: calls a model, passes over what the client has, sends the rest, and says so in a comment.</summary>
internal sealed class ResumedAttempt(Attempt attempt, Resumption resumption)
{
    private int _passed;
    private FinishReason? _finish;
    private long? _firstContent;
    private Usage? _usage;
    private string? _version;

    public async Task<AttemptResult> RunAsync()
    {
        var scope = attempt.Scope;
        scope.Wait(attempt.Limits.FirstToken, StopCause.FirstToken);
        var call = new ModelCall
        {
            Model = attempt.Endpoint.Model,
            Request = resumption.Request,
            ExpectedBytes = attempt.Request.Body.Bytes.Length,
            ConnectLimit = attempt.Limits.Connect,
            // The key of the client's own request stands for another one than this.
            Headers = [.. attempt.Headers.Where(header => !header.Key.Equals("Idempotency-Key", StringComparison.OrdinalIgnoreCase))],
            Changes = attempt.Changes,
        };
        try
        {
            return await StreamAsync(call);
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

    private async Task<AttemptResult> StreamAsync(ModelCall call)
    {
        var isFirst = true;
        await foreach (var delta in attempt.Endpoint.ClientOf(attempt.Request.Body.Operation).StreamAsync(call, attempt.Scope.Token))
        {
            if (isFirst)
            {
                // How this call was asked is no change of what the client asked.
                isFirst = false;
                attempt.MarkTold();
            }

            _usage = delta.Usage ?? _usage;
            _version ??= delta.Model;
            _firstContent ??= delta.HasContent ? attempt.Time.GetTimestamp() : null;
            if (delta.Error is { } error)
            {
                return Failed(error);
            }

            if (!TryPassOver(delta, out var rest))
            {
                return Failed(new ChatError(ChatErrorKind.Malformed, $"The model '{call.Model.Id}' gave another answer than the one to resume."));
            }

            _finish = delta.Finish ?? _finish;
            if (_firstContent is null && _finish is null)
            {
                continue;
            }

            attempt.Scope.Pause();
            if (rest.Length > 0 || delta.Finish is not null || delta.Usage is not null)
            {
                // The stream keeps the id and the model name that it began with.
                attempt.Client.Write(new ChatDelta { Text = rest, Finish = delta.Finish, StopText = delta.StopText, Usage = delta.Usage });
                await attempt.Client.FlushAsync(attempt.Scope.Token);
            }

            attempt.Scope.Wait(
                _finish is null ? attempt.Limits.Idle : TimeSpan.FromSeconds(1), _finish is null ? StopCause.Idle : StopCause.Finished);
        }

        return await FinishAsync();
    }

    /// <summary>Takes off what the client has; false when this is no continuation of it.</summary>
    private bool TryPassOver(in ChatDelta delta, out string rest)
    {
        rest = delta.Text ?? "";
        var expected = resumption.PassedOver.AsSpan(_passed);
        var same = expected.CommonPrefixLength(rest);
        _passed += same;
        rest = rest[same..];
        if (rest.Length > 0 && same < expected.Length && !resumption.IsDemanded)
        {
            // Only white space was left out of what the model was given.
            _passed = resumption.PassedOver.Length;
        }

        var isSame = rest.Length == 0 || _passed == resumption.PassedOver.Length;
        var isWhole = delta.Finish is null || !resumption.IsDemanded || _passed == resumption.PassedOver.Length;
        return isSame && isWhole && string.IsNullOrEmpty(delta.Refusal) && delta.ToolCall is null;
    }

    private async Task<AttemptResult> FinishAsync()
    {
        attempt.Scope.Pause();
        var comment = $": resumed by {resumption.By}, model {attempt.Endpoint.Model.Id}\n\n";
        await attempt.Client.WriteAsync(attempt.LateChanges(), CancellationToken.None);
        await attempt.Client.WriteAsync(Encoding.UTF8.GetBytes(comment), CancellationToken.None);
        await attempt.Client.EndStreamAsync(CancellationToken.None);
        return Done();
    }

    private AttemptResult Done() => new()
    {
        Committed = true, Usage = _usage, ModelVersion = _version, FirstContent = _firstContent, Refused = false, Finish = _finish,
    };

    private AttemptResult Failed(ChatError error) => Done() with { Error = error, Stop = attempt.Scope.Cause, Refused = null };
}
