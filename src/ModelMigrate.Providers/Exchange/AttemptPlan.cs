using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Providers.OpenAi;

namespace ModelMigrate.Providers.Exchange;

/// <summary>
/// Which model is called next: a failed target is answered by the source, a failed source is tried again, then the route's fallbacks in
/// order. All of it comes out of one budget of retries and one deadline; an unproven target is never a fallback.
/// </summary>
internal sealed class AttemptPlan(
    RouteSnapshot route, Assignment assignment, ExchangeRunner shared, RouteTraffic traffic, ChatBody body)
{
    private int _left = route.Limits.Retries;
    private int _sameModel;
    private int _fallback;
    private Breaker? _breaker;
    private bool _targetFailed;

    public ModelSnapshot Model { get; private set; } = assignment.Model;

    public AttemptRole Role { get; private set; }

    /// <summary>Whether the model called now is the migration's target.</summary>
    public bool IsTarget { get; private set; } = assignment.Arm == Arm.Target && assignment.Split is not null;

    /// <summary>Whether a model can be asked at all: its protocol is the client's, or every field has a word in the neutral language.</summary>
    public static bool CanCarry(ChatBody body, ModelSnapshot model) => model.Provider.Kind == ProviderKind.OpenAi || body.Untranslatable is null;

    private bool IsSource => assignment.Split is { } split && ReferenceEquals(Model, split.Source);

    /// <summary>Chooses the first model; false when none of the route's models can carry the request.</summary>
    public bool TryBegin(Breaker? breaker)
    {
        _breaker = breaker;
        if (breaker is not null && !breaker.TryPass())
        {
            _targetFailed = true;
            Use(assignment.Split!.Source, AttemptRole.Rescue);
            return CanCarry(Model) || TryFallback();
        }

        return CanCarry(Model) || TryFallback();
    }

    /// <summary>The wait before the next call after a failure that the client has not seen, or null when there is no next call.</summary>
    public TimeSpan? Next(AttemptResult failed, TimeSpan elapsed)
    {
        if (failed.Stop is StopCause.Client or StopCause.Draining or StopCause.Total || failed.Error!.Kind == ChatErrorKind.Request)
        {
            return null;
        }

        _targetFailed |= IsTarget && failed.Stop != StopCause.Cut;
        if (_left <= 0)
        {
            return null;
        }

        _left--;
        if (IsTarget)
        {
            return TryRescue(failed) || TryFallback() ? TimeSpan.Zero : null;
        }

        if (TrySame(failed, elapsed) is { } wait)
        {
            return wait;
        }

        return TryFallback() ? TimeSpan.Zero : null;
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

    private bool CanCarry(ModelSnapshot model) => CanCarry(body, model);

    private bool TryRescue(AttemptResult failed)
    {
        var source = assignment.Split!.Source;
        if (!CanCarry(source))
        {
            return false;
        }

        // With the breaker open the target takes no traffic, and a cut is the operator's will: neither is a load to be limited.
        if (_breaker is not { IsOpen: true } && failed.Stop != StopCause.Cut && !traffic.TryRescue(route.MaxConcurrent))
        {
            return false;
        }

        Use(source, AttemptRole.Rescue);
        return true;
    }

    /// <summary>A silent model is not asked again, a refusing one only while no other model is left to ask.</summary>
    private TimeSpan? TrySame(AttemptResult failed, TimeSpan elapsed)
    {
        var error = failed.Error!;
        if (error.Kind == ChatErrorKind.Configuration || (error.Kind == ChatErrorKind.Timeout && error.Status is null)
            || (_sameModel > 0 && HasFallback()))
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

        if (elapsed + wait >= route.Limits.Total)
        {
            return null;
        }

        _sameModel++;
        Role = Role == AttemptRole.Assigned ? AttemptRole.Retry : Role;
        return wait;
    }

    private bool HasFallback()
    {
        for (var i = _fallback; i < route.Fallback.Count; i++)
        {
            if (IsAllowed(route.Fallback[i]))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryFallback()
    {
        while (_fallback < route.Fallback.Count)
        {
            var next = route.Fallback[_fallback++];
            if (IsAllowed(next))
            {
                Use(next, AttemptRole.Fallback);
                return true;
            }
        }

        return false;
    }

    private bool IsAllowed(ModelSnapshot model) =>
        model.Id != Model.Id && CanCarry(model)
        && !(assignment.Split is { TargetProven: false } split && split.Target.Id == model.Id);

    private void Use(ModelSnapshot model, AttemptRole role)
    {
        Model = model;
        Role = role;
        IsTarget = false;
        _sameModel = 0;
    }
}
