using System.Runtime.InteropServices;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Providers.Exchange.Attempts;
using ModelMigrate.Providers.Exchange.Breakers;

namespace ModelMigrate.Providers.Exchange.Balancing;

/// <summary>Which endpoints one request was sent to. Of a model with one place it knows nothing, and costs nothing. Has one owner, the exchange.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct EndpointUse(ExchangeRunner shared, ExchangeRequest request)
{
    private List<ModelSnapshot>? _tried;
    private BreakerPass _pass;

    private readonly IReadOnlyList<ModelSnapshot> Tried => (IReadOnlyList<ModelSnapshot>?)_tried ?? [];

    /// <summary>What is called for a model: one of its endpoints, or itself.</summary>
    public readonly ModelSnapshot Pick(ModelSnapshot model) => model.Endpoints.Count == 0 ? model : shared.Picker.Pick(model, request, Tried);

    /// <summary>Whether an endpoint is left that this request was not sent to.</summary>
    public readonly bool HasOther(ModelSnapshot model)
    {
        foreach (var endpoint in model.Endpoints)
        {
            if (_tried?.Contains(endpoint) != true && (request.Body.Holder is not { } holder || endpoint.Provider.Id == holder))
            {
                return true;
            }
        }

        return false;
    }

    public void Begin(ModelSnapshot called)
    {
        if (!called.IsEndpoint)
        {
            return;
        }

        (_tried ??= new(2)).Add(called);
        shared.Picker.StatsOf(called).Begin();
        if (!shared.BreakerOf(called).TryPass(called.Provider.Breaker, out _pass))
        {
            // Nobody else was left.
            _pass = BreakerPass.Forced;
        }
    }

    /// <summary>The call that began is over; <paramref name="result"/> is null when a bug ended it.</summary>
    public readonly void End(ModelSnapshot called, AttemptResult? result)
    {
        if (called.IsEndpoint)
        {
            shared.Picker.StatsOf(called).End();
            shared.BreakerOf(called).OnEnd(_pass, result?.Outcome, called.Provider.Breaker);
        }
    }

    public readonly void Add(in AttemptReport attempt)
    {
        if (attempt.Model.IsEndpoint)
        {
            shared.Picker.StatsOf(attempt.Model).Add(attempt);
        }
    }

    public readonly void AddCheck(ModelSnapshot answered, bool passed)
    {
        if (answered.IsEndpoint)
        {
            shared.Picker.StatsOf(answered).AddCheck(passed);
        }
    }
}
