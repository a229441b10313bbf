using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing.Clients;
using ModelMigrate.Gateway.Limits.Budgets;
using ModelMigrate.Providers.Exchange;

namespace ModelMigrate.Gateway.Limits;

/// <summary>
/// What one request holds of its client's limits and of the budgets that it comes out of, until it ends. Disposed without having been settled, it
/// gives everything back but the request itself.
/// </summary>
internal sealed class ClientPass(
    ClientSnapshot? client, ClientState? state, long second, RequestSize size, IReadOnlyList<BudgetReservation> reservations) : IDisposable
{
    private bool _isOver;

    /// <summary>Null for a client without a key.</summary>
    public ClientSnapshot? Client => client;

    public string Tenant => client?.Tenant ?? "";

    /// <summary>Whether the client is held to a rate.</summary>
    public bool HasRates => client?.Limits is { RequestsPerMinute: not null } or { TokensPerMinute: not null };

    /// <summary>
    /// The exchange ended. Usage that providers reported is what counts; an answer that began and whose usage nobody reported, as of a stream
    /// that broke or that its client left, costs what was set aside for it; one that never began costs nothing.
    /// </summary>
    public void Settle(ExchangeReport report)
    {
        var (tokens, cost, isUnknown) = (0L, 0m, false);
        foreach (var attempt in report.Attempts)
        {
            tokens += (attempt.Usage?.InputTokens + attempt.Usage?.OutputTokens) ?? 0;
            cost += attempt.Cost ?? 0;
            isUnknown |= attempt.Usage is null && (attempt.FirstToken is not null || attempt.Outcome == Outcome.Ok);
        }

        End(isUnknown ? Math.Max(tokens, size.LikelyTokens) : tokens, isUnknown, tokens, cost);
    }

    public void Dispose() => End(0, isUnknown: false, 0, 0);

    private void End(long rateTokens, bool isUnknown, long tokens, decimal cost)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        state?.Leave(second, size.LikelyTokens, rateTokens);
        foreach (var reservation in reservations)
        {
            var spent = reservation.Account.Unit == BudgetUnit.Tokens ? tokens : cost;
            reservation.Settle(isUnknown ? Math.Max(spent, reservation.Amount) : spent);
        }
    }
}
