using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.Exchange.Breakers;

namespace ModelMigrate.Providers.Exchange.Attempts;

/// <summary>
/// Which model is called next: a failed target is answered by the source, a failed source is tried again, then the route's fallbacks in
/// order. All of it comes out of one budget of retries and one deadline; whatever asks a model twice, at whichever of its endpoints, also out of
/// the route's ratio. An unproven target is never a fallback, and a model whose breaker is open is passed over wherever another can be asked.
/// </summary>
internal sealed class AttemptPlan(
    RouteSnapshot route, Assignment assignment, ExchangeRunner shared, RouteTraffic traffic, ChatBody body)
{
    private List<ModelId>? _leftBehind;
    private int _left = route.Limits.Retries;
    private int _sameModel;
    private int _fallback;
    private Breaker? _breaker;
    private BreakerPass _pass;
    private bool _targetFailed;
    private bool _largerTried;
    private bool _tooLongForTarget;

    public ModelSnapshot Model { get; private set; } = assignment.Model;

    public AttemptRole Role { get; private set; }

    /// <summary>Whether the model called now is the migration's target.</summary>
    public bool IsTarget { get; private set; } = assignment.Arm == Arm.Target && assignment.Split is not null;

    /// <summary>Whether the assigned model was passed over because it failed other requests.</summary>
    public bool IsSkipped { get; private set; }

    /// <summary>Whether the model called now is the source, with a request that the target found too long: no mistake of the client's then.</summary>
    public bool IsSourceForTooLong => _tooLongForTarget && IsSource;

    /// <summary>Whether an answer that refuses is given up for another model's, as the route asks.</summary>
    public bool RoutesAroundRefusals =>
        route.OnRefusal == RefusalPolicy.Fallback && _left > 0 && ((IsTarget && CanCarry(assignment.Split!.Source)) || HasFallback());

    private bool IsSource => assignment.Split is { } split && ReferenceEquals(Model, split.Source);

    /// <summary>Chooses the first model; false when none of the route's models can carry the request.</summary>
    public bool TryBegin(Breaker? breaker)
    {
        _breaker = breaker;
        var (first, role) = (Model, AttemptRole.Assigned);
        if (breaker is not null)
        {
            if (breaker.TryPass())
            {
                // Whether a target is spared is its migration's breaker's to say; what it does counts in the model's own, too.
                _pass = IsClosed(Model) ? BreakerPass.Free : BreakerPass.Forced;
                return CanCarry(Model) || TryFallback();
            }

            _targetFailed = true;
            IsSkipped = true;
            (first, role) = (assignment.Split!.Source, AttemptRole.Rescue);
        }

        if (!CanCarry(first))
        {
            return TryFallback() || TryFallback(isForced: true);
        }

        if (!TryUse(first, role))
        {
            if (TryFallback())
            {
                IsSkipped = true;
                return true;
            }

            // Nobody else is left: to refuse would make a dead model of a sick one.
            Use(first, role, BreakerPass.Forced);
        }

        return true;
    }

    /// <summary>The wait before the next call after a failure that the client has not seen, or null when there is no next call.</summary>
    public TimeSpan? Next(AttemptResult failed, TimeSpan elapsed, bool hasOtherEndpoint)
    {
        var error = failed.Error!;
        if (failed.Stop is StopCause.Client or StopCause.Draining or StopCause.Total
            || (error.Kind == ChatErrorKind.Request && error.Reason == RefusalReason.None))
        {
            return null;
        }

        if (body.Upload is { IsSpent: true })
        {
            // Part of the body is gone with the failed call.
            return null;
        }

        _targetFailed |= IsTarget && failed.Stop != StopCause.Cut && error.Reason == RefusalReason.None;
        if (_left <= 0)
        {
            return null;
        }

        _left--;
        var isFound = error.Reason switch
        {
            RefusalReason.ContextLength => TryLarger(failed),
            RefusalReason.ContentPolicy => route.OnRefusal == RefusalPolicy.Fallback && ((IsTarget && TryRescue(failed)) || TryFallback()),
            RefusalReason.None when IsTarget => TryRescue(failed) || TryFallback(),
            RefusalReason.None => false,
        };
        if (isFound)
        {
            return TimeSpan.Zero;
        }

        if (IsTarget || error.Reason != RefusalReason.None)
        {
            return null;
        }

        if ((hasOtherEndpoint ? TryElsewhere() : TrySame(error, elapsed)) is { } wait)
        {
            _pass = BreakerPass.Free;
            Role = Role == AttemptRole.Assigned ? AttemptRole.Retry : Role;
            return wait;
        }

        return TryFallback() ? TimeSpan.Zero : null;
    }

    /// <summary>
    /// Chooses who goes on with a stream that broke after commit: a model that accepts a prefill, or the one that broke once more; false when
    /// nobody may. It costs one of the retries, and there is one of it.
    /// </summary>
    public bool TryResume(AttemptResult broken, out bool byPrefill)
    {
        byPrefill = true;
        var (model, isTarget) = (Model, IsTarget);
        if (broken.Stop is StopCause.Client or StopCause.Draining or StopCause.Total or StopCause.Cut
            || broken.Error!.Kind == ChatErrorKind.Request || body.Untranslatable is not null || body.HasAudio || _left <= 0)
        {
            return false;
        }

        _left = 0;

        // A model that fell silent may do so again; another one is asked first then.
        IEnumerable<ModelSnapshot> others = [.. isTarget ? [assignment.Split!.Source] : Array.Empty<ModelSnapshot>(), .. route.Fallback.Where(IsAllowed)];
        var order = broken.Stop == StopCause.Idle ? others.Append(model) : others.Prepend(model);
        if (!order.Any(next => next.Prefill && TryResumeAt(next)))
        {
            byPrefill = false;
            if (!TryResumeAt(model))
            {
                return false;
            }
        }

        IsTarget = isTarget && ReferenceEquals(Model, model);
        return true;

        bool TryResumeAt(ModelSnapshot next) => WouldPass(next) && (!ReferenceEquals(next, model) || TryRepeat()) && TryUse(next, AttemptRole.Resume);
    }

    /// <summary>The call ended, or was not made after all; <paramref name="result"/> is null when it says nothing of the model.</summary>
    public void OnEnd(AttemptResult? result)
    {
        if (Model.Endpoints.Count > 0)
        {
            // Each endpoint has its own; one that is sick must not hide the others.
            return;
        }

        // The request's deadline blames only the model that had all of it.
        var says = result is { Stop: StopCause.Total } && Role != AttemptRole.Assigned ? null : result;
        shared.BreakerOf(Model).OnEnd(_pass, says?.Outcome, Model.Provider.Breaker);
    }

    /// <summary>The model called now answered.</summary>
    public void OnSuccess()
    {
        if (IsTarget)
        {
            _breaker?.OnSuccess();
        }
        else if (_targetFailed && IsSource)
        {
            _breaker?.OnRescued();
        }
    }

    public void Enter()
    {
        if (IsSource)
        {
            traffic.EnterSource();
            if (Role == AttemptRole.Assigned)
            {
                traffic.OnSourceRequest();
            }
        }
    }

    public void Leave()
    {
        if (IsSource)
        {
            traffic.LeaveSource();
        }
    }

    private bool CanCarry(ModelSnapshot model) => Carrying.CanCarry(body, route, model);

    private bool TryRescue(AttemptResult failed)
    {
        var source = assignment.Split!.Source;
        if (!CanCarry(source) || (!WouldPass(source) && HasFallback()))
        {
            return false;
        }

        // The source of a hybrid migration is asked by every request anyway. With the breaker open the target takes no traffic, and a cut is the operator's will: neither is a load to be limited.
        if (_breaker is not { IsOpen: true } && failed.Stop != StopCause.Cut && assignment.Split.Hybrid is null && !traffic.TryRescue(route.MaxConcurrent))
        {
            return false;
        }

        if (!TryUse(source, AttemptRole.Rescue))
        {
            Use(source, AttemptRole.Rescue, BreakerPass.Forced);
        }

        return true;
    }

    /// <summary>A request too long for a target goes to the source where the catalog knows that it takes more, then to the route's largest.</summary>
    private bool TryLarger(AttemptResult failed)
    {
        if (IsTarget && assignment.Split!.Source.ContextLength > Model.ContextLength && TryRescue(failed))
        {
            _tooLongForTarget = true;
            return true;
        }

        if (_largerTried || route.LargerContext is not { } larger)
        {
            return false;
        }

        _largerTried = true;
        return IsAllowed(larger) && TryUse(larger, AttemptRole.Fallback);
    }

    /// <summary>Another server is asked at once: neither its load nor its silence is the failed one's. Where all of them fail it is a storm like any.</summary>
    private TimeSpan? TryElsewhere() => TryRepeat() ? TimeSpan.Zero : null;

    /// <summary>A silent or spared model is not asked again, a refusing one only while no other model is left to ask.</summary>
    private TimeSpan? TrySame(ChatError error, TimeSpan elapsed)
    {
        if (error.Kind is ChatErrorKind.Configuration or ChatErrorKind.UnknownModel || (error.Kind == ChatErrorKind.Timeout && error.Status is null)
            || (_sameModel > 0 && HasFallback()) || !IsClosed(Model))
        {
            return null;
        }

        var wait = shared.Backoff.Next(_sameModel);
        if (error.RetryAfter is { } asked)
        {
            if (asked > wait && HasFallback())
            {
                return null;
            }

            wait = asked > wait ? asked : wait;
        }

        if (elapsed + wait >= route.Limits.Total || !TryRepeat())
        {
            return null;
        }

        _sameModel++;
        return wait;
    }

    /// <summary>Whether the route's requests have earned one more call of a model that failed one.</summary>
    private bool TryRepeat() => traffic.TryRetry(route.Limits.RetryRatio);

    private bool HasFallback()
    {
        for (var i = _fallback; i < route.Fallback.Count; i++)
        {
            if (IsAllowed(route.Fallback[i]) && WouldPass(route.Fallback[i]))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryFallback(bool isForced = false)
    {
        for (_fallback = isForced ? 0 : _fallback; _fallback < route.Fallback.Count;)
        {
            var next = route.Fallback[_fallback++];
            if (!IsAllowed(next))
            {
                continue;
            }

            if (TryUse(next, AttemptRole.Fallback))
            {
                return true;
            }

            if (isForced)
            {
                Use(next, AttemptRole.Fallback, BreakerPass.Forced);
                return true;
            }
        }

        return false;
    }

    private bool IsAllowed(ModelSnapshot model) =>
        model.Id != Model.Id && _leftBehind?.Contains(model.Id) != true && CanCarry(model)
        && !(assignment.Split is { TargetProven: false } split && split.Target.Id == model.Id);

    private bool IsClosed(ModelSnapshot model) =>
        !model.Provider.Breaker.Enabled || model.Endpoints.Count > 0 || shared.BreakerOf(model).State == BreakerState.Closed;

    /// <summary>Whether a model would be called; one with several endpoints, while any of them would.</summary>
    private bool WouldPass(ModelSnapshot model)
    {
        if (model.Endpoints.Count == 0)
        {
            return shared.BreakerOf(model).WouldPass(model.Provider.Breaker);
        }

        foreach (var endpoint in model.Endpoints)
        {
            if (shared.BreakerOf(endpoint).WouldPass(endpoint.Provider.Breaker))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryUse(ModelSnapshot model, AttemptRole role)
    {
        var pass = BreakerPass.Free;
        if (model.Endpoints.Count > 0 ? !WouldPass(model) : !shared.BreakerOf(model).TryPass(model.Provider.Breaker, out pass))
        {
            return false;
        }

        Use(model, role, pass);
        return true;
    }

    private void Use(ModelSnapshot model, AttemptRole role, BreakerPass pass)
    {
        if (!ReferenceEquals(model, Model))
        {
            (_leftBehind ??= new(1)).Add(Model.Id);
        }

        Model = model;
        Role = role;
        IsTarget = false;
        _pass = pass;
        _sameModel = 0;
    }
}
