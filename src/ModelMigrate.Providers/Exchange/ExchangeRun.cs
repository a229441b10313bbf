using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Checks;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Exchange.Answers;
using ModelMigrate.Providers.Exchange.Attempts;
using ModelMigrate.Providers.Exchange.Balancing;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.Exchange.Resuming;
using ModelMigrate.Providers.Exchange.Tracing;

namespace ModelMigrate.Providers.Exchange;

/// <summary>One request on its way: 1 enter, 2 assign and admit, 3 call, 4 hold until commit, 5 rescue or retry, 6 stream, 7 observe.</summary>
internal sealed class ExchangeRun(
    ExchangeRunner shared, ExchangeRequest request, ExchangeClient client, CancellationToken aborted, CancellationToken draining)
{
    private readonly TimeProvider _time = shared.Time;
    private readonly long _start = shared.Time.GetTimestamp();
    private readonly List<AttemptReport> _attempts = new(1);
    private readonly RouteSnapshot _route = request.Route;
    private readonly CheckedClient? _checked = CheckedClient.For(request, client);
    private EndpointUse _endpoints = new(shared, request);
    private SentAnswer? _sent;
    private readonly RouteTraffic _traffic = shared.TrafficOf(request.Route.Id);
    private readonly List<CheckResult> _checks = [];
    private Assignment _assignment;
    private ChatRequest? _translated;
    private ArmRecord _arm;
    private bool _answeredByOther;
    private bool _refused;
    private ModelId? _answeredBy;

    private ExchangeClient Client => (ExchangeClient?)_sent ?? _checked ?? client;

    private bool IsTarget => _assignment.Arm == Arm.Target && _assignment.Split is not null;

    private bool TargetIsUnable =>
        (request.Body.Untranslatable is not null || request.Body.HasImages || request.Body.HasAudio) && _route.Split is { } split && !Carrying.CanCarry(request.Body, _route, split.Target);

    /// <summary>The field for which a model cannot be asked.</summary>
    private string? ObstacleAt(ModelSnapshot model) => request.Body.ObstacleAt(model) ?? (request.Body.HasImages ? "images" : null);

    /// <summary>A conversation that only the target's provider holds stays there, whatever the split says now: it would be lost elsewhere.</summary>
    private bool IsHeldByTarget => request.Body.Holder is not null && _route.Split is { } split
        && Carrying.Speaks(request.Body, split.Target) && !Carrying.Speaks(request.Body, split.Source);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ExchangeReport> RunAsync()
    {
        // 1 enter
        if (!_traffic.TryEnter(_route.MaxConcurrent, _route.Limits.RetryRatio))
        {
            var full = new ChatError(
                ChatErrorKind.Throttled, $"The route '{_route.Id}' already serves {_route.MaxConcurrent} requests at once. Try again.")
            {
                Code = "max_concurrent", RetryAfter = TimeSpan.FromSeconds(1),
            };
            await client.FailAsync(new ExchangeFailure { Error = full });
            return Report(Outcome.Throttled, full);
        }

        ChatError? error = null;
        try
        {
            _sent = _route.OnCut == CutPolicy.Resume && request.Body is { Stream: true, Operation: Operation.Chat or Operation.Responses } ? new SentAnswer((ExchangeClient?)_checked ?? client) : null;

            // 2 assign and admit
            _assignment = shared.Router.Assign(
                request.Snapshot, _route, request.Key.Span, targetCanServe: !TargetIsUnable, isTargets: IsHeldByTarget, request.Rule);
            error = await CallAsync();
        }
        finally
        {
            _traffic.Leave();
            _sent?.Dispose();
            _checked?.Dispose();

            // 7 observe; every admission ends exactly once, also when a bug throws.
            Observe(error);
        }

        return Report(_arm.Outcome ?? (error is null ? Outcome.Ok : Outcome.Error), error);
    }

    /// <summary>Calls one model after the other until one commits; answers what the client saw go wrong.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ChatError?> CallAsync()
    {
        var plan = new AttemptPlan(_route, _assignment, shared, _traffic, request.Body);
        if (!plan.TryBegin(IsTarget ? shared.BreakerOf(_assignment.Split!) : null))
        {
            var error = Untranslatable();
            _arm.Outcome = Outcome.ClientError;
            await client.FailAsync(new ExchangeFailure { Error = error, Assignment = _assignment });
            return error;
        }

        if (plan.Role != AttemptRole.Assigned)
        {
            // A breaker is open, or the assigned model cannot carry the request.
            _arm.Outcome = plan.IsSkipped ? Outcome.Skipped : null;
            _arm.Latency = _time.GetElapsedTime(_start);
        }

        while (true)
        {
            var (result, headers) = await AttemptAsync(plan);
            if (result.IsOk)
            {
                plan.OnSuccess();
                if (result.Held is { } held)
                {
                    // Of several endpoints, the one that answered.
                    shared.Held.Add(held, _attempts[^1].Model.Provider.Id);
                }

                _arm.Outcome = plan.IsSourceForTooLong ? Outcome.Error : _arm.Outcome;
                Answered(plan);
                return null;
            }

            if (result.Committed)
            {
                if (await TryResumeAsync(plan, result))
                {
                    return null;
                }

                await FailAsync(result, headers);
                return result.Error;
            }

            var wait = plan.Next(result, _time.GetElapsedTime(_start), _endpoints.HasOther(plan.Model));
            if (wait is null || !await WaitAsync(wait.Value))
            {
                await FailAsync(result, headers);
                return result.Error;
            }
        }
    }

    /// <summary>Goes on with a broken stream as the route asks; whatever comes of it, the arm's own outcome stands.</summary>
    private async ValueTask<bool> TryResumeAsync(AttemptPlan plan, AttemptResult broken)
    {
        // An answer that its provider keeps under the id that the client has would be another one there.
        if (_sent is not { IsOpenText: true } sent || (sent.IsBytes && request.Body.IsKept) || (_translated is null && !TryTranslate(out _translated, out _))
            || !Resumption.IsPlain(_translated) || !plan.TryResume(broken, out var byPrefill))
        {
            return false;
        }

        if ((byPrefill ? Resumption.ByPrefill(_translated, sent) : Resumption.ByAskingAgain(_translated, sent)) is not { } resumption)
        {
            plan.OnEnd(result: null);
            return false;
        }

        sent.Continue();
        var (result, _) = await AttemptAsync(plan, resumption);
        if (result.IsOk)
        {
            Answered(plan);
        }

        return result.IsOk;
    }

    /// <summary>The client has its answer, which is now checked.</summary>
    private void Answered(AttemptPlan plan)
    {
        _answeredBy = plan.Model.Id;
        _answeredByOther = plan.Model.Id != _assignment.Model.Id;
        var answer = _checked?.Read(request.Body, plan.Model);
        if (_route.Split is { Hybrid: HybridMode.Hybrid } split && IsTarget && request.Body.HasWords)
        {
            Compare(split.Source, answer);
        }

        foreach (var check in _route.Checks)
        {
            if (answer is { } read && check.Passes(read) is { } passed)
            {
                _checks.Add(new CheckResult(check.Name, passed, passed ? null : check.FaultOf(read)));
                _endpoints.AddCheck(_attempts[^1].Model, passed);
            }
        }
    }

    /// <summary>Has the source asked too, unless it answered already because the target failed.</summary>
    private void Compare(ModelSnapshot source, CheckedAnswer? answer)
    {
        if (_answeredByOther)
        {
            shared.Comparison.TargetFailed(_route.Id);
            return;
        }

        // A conversation that another provider keeps, or nobody knows who, is not one that the source can go on with.
        var isAskable = Carrying.CanCarry(request.Body, _route, source) && (request.Body.Previous is null || request.Body.Holder is not null);
        var isNative = Carrying.PassesAsBytes(request.Body, source, _route);
        shared.Comparison.Begin(request, _assignment, isNative ? null : client, isAskable ? answer : null);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(AttemptResult Result, List<KeyValuePair<string, string>> Headers)> AttemptAsync(AttemptPlan plan, Resumption? resumption = null)
    {
        var called = _endpoints.Pick(plan.Model);
        var endpoint = shared.Endpoints.For(called);
        var began = _time.GetTimestamp();
        var isNative = resumption is null && Carrying.PassesAsBytes(request.Body, endpoint.Model, _route);
        AttemptResult? result = null;
        if (!isNative && _translated is null)
        {
            if (!TryTranslate(out var translated, out var error))
            {
                result = new AttemptResult { Error = error };
                plan.OnEnd(result: null);
                Record(plan, called, result, began);
                return (result, []);
            }

            _translated = translated;
        }

        var cut = plan.IsTarget ? shared.Cuts.TokenFor(_assignment.Split!, _route.Id) : CancellationToken.None;
        var deadline = _start + (long)(_route.Limits.Total.TotalSeconds * _time.TimestampFrequency);
        using var scope = new AttemptScope(_time, deadline, aborted, draining, cut);
        var attempt = new Attempt
        {
            Endpoint = endpoint,
            Request = request,
            Client = Client,
            Assignment = _assignment,
            Scope = scope,
            Time = _time,
            Translated = isNative ? null : _translated,
            RoutesAroundRefusals = plan.RoutesAroundRefusals,
            Untranslatable = TargetIsUnable ? ObstacleAt(_route.Split!.Target) : null,
            Span = AttemptSpan.Begin(request.Span, plan.Role, called, request.Body.Operation),
        };
        plan.Enter();
        _endpoints.Begin(called);
        try
        {
            result = resumption is not null ? await new ResumedAttempt(attempt, resumption).RunAsync()
                : isNative ? await new NativeAttempt(attempt).RunAsync() : await new TranslatedAttempt(attempt, _translated!).RunAsync();
        }
        finally
        {
            plan.Leave();
            plan.OnEnd(result);
            _endpoints.End(called, result);
            AttemptSpan.End(attempt, result, began);
        }

        Record(plan, called, result, began);
        return (result, attempt.AnswerHeaders);
    }

    /// <summary>The request in the neutral language, its state marked with the family that made it.</summary>
    private bool TryTranslate([NotNullWhen(true)] out ChatRequest? translated, out ChatError? error)
    {
        if (!client.TryTranslate(request.Body.Bytes, out translated, out error))
        {
            return false;
        }

        translated = translated.WithOrigin(request.Body.RawFamily(_route.Source));
        return true;
    }

    private void Record(AttemptPlan plan, ModelSnapshot called, AttemptResult result, long began)
    {
        var latency = _time.GetElapsedTime(began);
        TimeSpan? firstToken = result.FirstContent is { } at ? _time.GetElapsedTime(began, at) : null;
        _attempts.Add(new AttemptReport(called, plan.Role, result.Outcome, latency, firstToken, result.Usage));
        _endpoints.Add(_attempts[^1]);
        _refused = result.Refused == true;
        if (plan.Role == AttemptRole.Assigned)
        {
            _arm.Take(result, _time.GetElapsedTime(_start), result.FirstContent is { } first ? _time.GetElapsedTime(_start, first) : null);
        }
    }

    private async ValueTask<bool> WaitAsync(TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero)
        {
            return true;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(aborted, draining);
        try
        {
            await Task.Delay(wait, _time, stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private ValueTask FailAsync(AttemptResult result, IReadOnlyList<KeyValuePair<string, string>> headers) => client.FailAsync(
        new ExchangeFailure { Error = result.Error!, Assignment = _assignment, Body = result.ErrorBody, BodyType = result.ErrorType, Headers = headers });

    private ChatError Untranslatable() => request.Body.Operation switch
    {
        Operation.Chat or Operation.Responses => UntranslatableField(),
        Operation.Transcription or Operation.Translation when !request.Body.IsWrittenBy(_assignment.Model) => new ChatError(
            ChatErrorKind.Request,
            $"'response_format' can be {string.Join(", ", _assignment.Model.Provider.Paths.SpeechFormats!.Split(' '))} for the model '{_assignment.Model.Id}': its provider writes nothing else.")
        {
            Code = "unsupported_value", Field = "response_format",
        },
        Operation.Completion or Operation.Embedding or Operation.Transcription or Operation.Translation => new ChatError(
            ChatErrorKind.Request,
            $"The model '{_assignment.Model.Id}' cannot be asked at {request.Body.Untranslatable}: its provider speaks another protocol. Move the route to a model whose provider has it.")
        {
            Code = "unsupported_endpoint",
        },
    };

    private ChatError UntranslatableField() => new(
        ChatErrorKind.Request,
        request.Body.ObstacleAt(_assignment.Model) is { } field
            ? $"'{field}' cannot be carried to the model '{_assignment.Model.Id}', which speaks another protocol. Leave it out."
            : $"No model of the route '{_route.Id}' that can be asked sees pictures. Leave them out.")
    {
        Code = "unsupported_parameter", Field = ObstacleAt(_assignment.Model),
    };

    private void Observe(ChatError? error)
    {
        if (_assignment.Admission is not { } admission)
        {
            return;
        }

        decimal? cost = 0m;
        foreach (var attempt in _attempts)
        {
            cost += attempt.Cost;
        }

        // A check speaks for the arm only where the arm alone answered.
        var isArms = _arm.Outcome == Outcome.Ok && _attempts is [{ Role: AttemptRole.Assigned }];
        shared.Observations.End(_arm.Observe(_assignment, admission.Ticket, isArms ? CollectionsMarshal.AsSpan(_checks) : [], cost, IsRescued(error), IsUserError(error)));
    }

    private bool IsRescued(ChatError? error) => error is null && _answeredByOther && _arm.Outcome is not null;

    /// <summary>The client's own mistakes, and its going away, are no failure that it saw.</summary>
    private bool IsUserError(ChatError? error) =>
        error is not null && error.Kind != ChatErrorKind.Request && !aborted.IsCancellationRequested;

    private ExchangeReport Report(Outcome outcome, ChatError? error) => new()
    {
        Assignment = _assignment.Route is null ? null : _assignment,
        Route = _route.Id,
        Outcome = outcome,
        Latency = _time.GetElapsedTime(_start),
        Rescued = IsRescued(error),
        UserError = IsUserError(error) ? error : null,
        Checks = _checks,
        Refused = _refused,
        AnsweredBy = _answeredBy,
        Attempts = _attempts,
    };
}
