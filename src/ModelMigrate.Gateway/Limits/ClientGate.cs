using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Clients;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Limits.Budgets;
using ModelMigrate.Gateway.Telemetry;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Limits;

/// <summary>Lets requests pass within their clients' rates and the budgets of client and route, or says why not.</summary>
internal sealed class ClientGate(BudgetLedger ledger, GatewayMeters meters, TimeProvider time)
{
    /// <summary>What the official libraries go by before they send a request again.</summary>
    private const string ShouldRetry = "x-should-retry";

    /// <summary>Beyond this no library should wait for itself.</summary>
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromMinutes(1.5);

    private readonly ConcurrentDictionary<string, ClientState> _states = new(StringComparer.Ordinal);

    /// <summary>
    /// Lets a request pass, which then carries its <see cref="ClientPass"/>, or says what refuses it; either way its answer tells the client where
    /// it stands.
    /// </summary>
    public bool TryEnter(
        HttpContext context, ClientSnapshot? client, RouteSnapshot route, ChatBody body, out ClientPass? pass, out RequestProblem problem)
    {
        var passes = TryEnter(client, route, body, out pass, out problem);
        if (pass is not null)
        {
            context.Features.Set(pass);
        }

        if (client is not null)
        {
            var state = StateOf(client);
            RateHeaders.Write(context, state.Requests(client.Limits), state.Tokens(client.Limits), time.GetUtcNow());
        }

        if (!passes)
        {
            meters.RecordLimited(client?.Name, problem.Code);
            if (problem.RetryAfter > s_longestRetry)
            {
                context.Response.Headers[ShouldRetry] = "false";
            }
        }

        return passes;
    }

    /// <summary>
    /// Reserves what a request may come to. <paramref name="pass"/> is null where nothing is limited. A request that is refused leaves no trace.
    /// </summary>
    /// <param name="client">Whose key it came with; null for none.</param>
    /// <param name="route">Its route.</param>
    /// <param name="body">Its body.</param>
    /// <param name="pass">What to dispose at its end.</param>
    /// <param name="problem">Why it is refused.</param>
    public bool TryEnter(ClientSnapshot? client, RouteSnapshot route, ChatBody body, out ClientPass? pass, out RequestProblem problem)
    {
        (pass, problem) = (null, default);
        if (client is null && route.Budgets.Count == 0)
        {
            return true;
        }

        var hasBudgets = route.Budgets.Count > 0 || client?.Budgets.Count > 0;
        var size = hasBudgets || client?.Limits.TokensPerMinute is not null ? RequestSize.Of(body, route) : default;
        ClientState? state = null;
        var second = 0L;
        if (client is not null)
        {
            state = StateOf(client);
            if (!state.TryEnter(client.Limits, size.LikelyTokens, out second, out problem))
            {
                return false;
            }
        }

        if (!hasBudgets)
        {
            pass = new ClientPass(client, state, second, size, []);
            return true;
        }

        if (!TryReserve(client, route, size, out var reservations, out problem))
        {
            state?.Undo(second, size.LikelyTokens);
            return false;
        }

        pass = new ClientPass(client, state, second, size, reservations);
        return true;
    }

    private bool TryReserve(
        ClientSnapshot? client, RouteSnapshot route, in RequestSize size, [NotNullWhen(true)] out List<BudgetReservation>? reservations, out RequestProblem problem)
    {
        reservations = [];
        problem = default;
        foreach (var (owner, words, budget) in Budgets(client, route))
        {
            var amount = budget.Unit == BudgetUnit.Tokens ? size.MostTokens : size.MostCost(route) ?? 0;
            if (ledger.TryReserve(owner, budget, amount) is { } reservation)
            {
                reservations.Add(reservation);
                continue;
            }

            foreach (var made in reservations)
            {
                made.Settle(0);
            }

            problem = Exhausted(words, budget, amount);
            return false;
        }

        return true;
    }

    private static IEnumerable<(string Owner, string Words, Budget Budget)> Budgets(ClientSnapshot? client, RouteSnapshot route) =>
    [
        .. client?.Budgets.Select(budget => ($"client/{client.Name}", "this key", budget)) ?? [],
        .. route.Budgets.Select(budget => ($"route/{route.Id}", $"the route '{route.Id}'", budget)),
    ];

    private RequestProblem Exhausted(string words, Budget budget, decimal amount)
    {
        var (unit, per) = (budget.Unit == BudgetUnit.Tokens ? "tokens" : "US dollars", budget.Per == BudgetPeriod.Day ? "day" : "month");
        return amount > budget.Limit
            ? RequestProblem.Invalid(
                "above_budget", $"The request may come to {amount:0.######} {unit}, answer included; {words} may spend {budget.Limit:0.######} a {per}. Send less, or ask for a shorter answer.")
            : RequestProblem.Limited(
                "budget_exhausted", $"What is left of the budget of {words}, {budget.Limit:0.######} {unit} a {per}, is less than this request may come to.", ledger.UntilEnd(budget));
    }

    private ClientState StateOf(ClientSnapshot client) =>
        _states.TryGetValue(client.Name, out var known) ? known : _states.GetOrAdd(client.Name, static (_, time) => new ClientState(time), time);
}
