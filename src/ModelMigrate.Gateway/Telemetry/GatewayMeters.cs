using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Clients;
using ModelMigrate.Gateway.Caching;
using ModelMigrate.Gateway.Limits.Budgets;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Exchange.Attempts;
using ModelMigrate.Providers.Exchange.Comparing;
using ModelMigrate.Providers.Exchange.Tracing;

namespace ModelMigrate.Gateway.Telemetry;

/// <summary>The data plane's instruments, labelled by route, model and arm; names from the OpenTelemetry GenAI conventions where they exist.</summary>
public sealed class GatewayMeters : IDisposable
{
    /// <summary>The meter's name, for exporters.</summary>
    public const string Name = "ModelMigrate.Gateway";

    private readonly Meter _meter = new(Name);
    private readonly ConcurrentDictionary<ModelId, ModelWindow> _windows = new();
    private readonly TimeProvider _time;
    private readonly SnapshotFeed _feed;
    private readonly ExchangeRunner _exchanges;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _rescues;
    private readonly Counter<long> _exposure;
    private readonly Counter<long> _checks;
    private readonly Counter<long> _cache;
    private readonly Counter<long> _comparisons;
    private readonly Counter<long> _endpoints;
    private readonly Counter<long> _limited;
    private readonly Counter<long> _clientTokens;
    private readonly Counter<double> _clientCost;
    private readonly Counter<long> _tokens;
    private readonly Counter<double> _cost;
    private readonly Histogram<double> _latency;
    private readonly Histogram<double> _firstToken;

    internal GatewayMeters(SnapshotFeed feed, ExchangeRunner exchanges, ResponseCaches caches, BudgetLedger ledger, TimeProvider time)
    {
        (_feed, _exchanges, _time) = (feed, exchanges, time);
        _requests = _meter.CreateCounter<long>("model_migrate.requests", "{request}", "Requests by their assigned arm and its own outcome.");
        _errors = _meter.CreateCounter<long>("model_migrate.errors", "{request}", "Requests whose client saw a failure.");
        _refusals = _meter.CreateCounter<long>("model_migrate.refusals", "{request}", "Requests refused before they were routed.");
        _rescues = _meter.CreateCounter<long>("model_migrate.rescues", "{request}", "Requests that another model answered after the assigned arm failed.");
        _exposure = _meter.CreateCounter<long>("model_migrate.exposure", "{request}", "Requests that met an arm of a running migration.");
        _checks = _meter.CreateCounter<long>("model_migrate.checks", "{answer}", "Answers that a check looked at, by the model that gave them.");
        _cache = _meter.CreateCounter<long>("model_migrate.cache.requests", "{request}", "Requests of routes with a cache, by what they met in it.");
        _meter.CreateObservableGauge("model_migrate.cache.size", () => Sizes(caches), "By", "Bytes of answers kept to be given again.");
        _comparisons = _meter.CreateCounter<long>("model_migrate.hybrid.comparisons", "{request}", "Requests of hybrid migrations, by what came of asking both models.");
        exchanges.Compared = Record;
        _endpoints = _meter.CreateCounter<long>("model_migrate.endpoint.calls", "{call}", "Calls of a model that several endpoints serve, by endpoint.");
        _limited = _meter.CreateCounter<long>("model_migrate.client.refusals", "{request}", "Requests refused by a limit or a budget of their client or route.");
        _clientTokens = _meter.CreateCounter<long>("model_migrate.client.tokens", "{token}", "Tokens that providers reported, by client.");
        _clientCost = _meter.CreateCounter<double>("model_migrate.client.cost", "{USD}", "US dollars by catalog prices, by client.");
        _meter.CreateObservableGauge("model_migrate.budget_used", () => Budgets(ledger), unit: null, "Part of a budget that is spent in its period.");
        _meter.CreateObservableGauge("model_migrate.budget_store_up", () => ledger.IsStored ? 1 : 0, unit: null, "Whether the budgets' file could be written last time.");
        _tokens = _meter.CreateCounter<long>("gen_ai.client.token.usage", "{token}", "Tokens that providers reported.");
        _cost = _meter.CreateCounter<double>("model_migrate.cost", "{USD}", "US dollars by catalog prices.");
        _latency = _meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Duration of one call of a model.");
        _firstToken = _meter.CreateHistogram<double>("gen_ai.client.operation.time_to_first_chunk", "s", "From the call to a stream's first content.");
        _meter.CreateObservableUpDownCounter("model_migrate.in_flight", InFlight, "{request}", "Requests under way.");
        _meter.CreateObservableGauge("model_migrate.breaker_open", Breakers, unit: null, "1 while a target is spared after failing in a row.");
        _meter.CreateObservableGauge("model_migrate.model_breaker", ModelBreakers, unit: null, "0 while a model is asked, 1 while it is being tried again, 2 while it is passed over.");
        _meter.CreateObservableGauge("model_error_rate", ErrorRates, unit: null, "Failed calls by all calls, last 5 minutes.");
        _meter.CreateObservableGauge("model_latency_p99", Latencies, "s", "99th percentile of latency, last 5 minutes.");
    }

    public void Dispose() => _meter.Dispose();

    internal void RecordRefusal(string code) => _refusals.Add(1, new KeyValuePair<string, object?>("code", code));

    internal void Record(RouteId route, CacheVisit visit) => _cache.Add(
        1, new KeyValuePair<string, object?>("route", route.Value), new KeyValuePair<string, object?>("result", visit.Word));

    internal void RecordLimited(string? client, string code) => _limited.Add(
        1, new KeyValuePair<string, object?>("client", client ?? "none"), new KeyValuePair<string, object?>("code", code));

    /// <summary>Counts a whole exchange; <paramref name="client"/> is the name of its key, or null.</summary>
    internal void Record(ExchangeReport report, string? client)
    {
        if (client is not null)
        {
            RecordUse(report, client);
        }

        var arm = report.Assignment is { Split: not null } assigned ? SpanWords.Of(assigned.Arm) : "none";
        var model = report.Assignment?.Model.Id.Value ?? "none";
        var tags = new TagList { { "route", report.Route.Value }, { "model", model }, { "arm", arm } };
        if (report.Rescued)
        {
            _rescues.Add(1, tags);
        }

        if (report.UserError is not null)
        {
            _errors.Add(1, tags);
        }

        foreach (var (check, passed, _) in report.Checks)
        {
            _checks.Add(
                1, new TagList { { "route", report.Route.Value }, { "model", report.AnsweredBy?.Value }, { "check", check }, { "result", passed ? "passed" : "failed" } });
        }

        // What a rule or a hybrid sends to the target is nobody's evidence, but has met it.
        if (report.Assignment is { Admission: not null } or { Arm: Arm.Target, Split: not null })
        {
            _exposure.Add(1, tags);
        }

        tags.Add("outcome", SpanWords.Of(report.Outcome));
        _requests.Add(1, tags);
        for (var i = 0; i < report.Attempts.Count; i++)
        {
            Record(report.Attempts[i], report.Route.Value, arm);
        }
    }

    private void Record(in AttemptReport attempt, string route, string arm)
    {
        if (attempt.Outcome != Outcome.Canceled)
        {
            _windows.GetOrAdd(attempt.Model.Id, static (_, time) => new ModelWindow(time), _time)
                .Add(attempt.Outcome is not (Outcome.Ok or Outcome.ClientError), attempt.Latency);
        }

        var tags = new TagList { { "route", route }, { "model", attempt.Model.Id.Value }, { "arm", arm }, { "role", SpanWords.Of(attempt.Role) } };
        if (attempt.Model.IsEndpoint)
        {
            _endpoints.Add(1, new TagList { { "route", route }, { "model", attempt.Model.Id.Value }, { "endpoint", attempt.Model.Provider.Id.Value }, { "outcome", SpanWords.Of(attempt.Outcome) } });
        }

        _latency.Record(attempt.Latency.TotalSeconds, tags);
        if (attempt.FirstToken is { } firstToken)
        {
            _firstToken.Record(firstToken.TotalSeconds, tags);
        }

        if (attempt.Cost is { } cost)
        {
            _cost.Add((double)cost, tags);
        }

        if (attempt.Usage is { } usage)
        {
            tags.Add("gen_ai.token.type", "input");
            _tokens.Add(usage.InputTokens, tags);
            tags[^1] = new KeyValuePair<string, object?>("gen_ai.token.type", "output");
            _tokens.Add(usage.OutputTokens, tags);
        }
    }

    private IEnumerable<Measurement<int>> InFlight()
    {
        foreach (var route in _feed.Current.Routes.Values)
        {
            yield return new Measurement<int>(
                _exchanges.TrafficOf(route.Id).InFlight, new KeyValuePair<string, object?>("route", route.Id.Value));
        }
    }

    private void Record(ComparisonReport report)
    {
        _comparisons.Add(1, new KeyValuePair<string, object?>("route", report.Route.Value), new KeyValuePair<string, object?>("result", NameOf(report.Result)));
        if (report.Source is { } call)
        {
            Record(call, report.Route.Value, SpanWords.Of(Arm.Source));
        }
    }

    private static string NameOf(ComparisonResult result) => result switch
    {
        ComparisonResult.Same => "same",
        ComparisonResult.Different => "different",
        ComparisonResult.TargetFailed => "target_failed",
        ComparisonResult.SourceFailed => "source_failed",
        ComparisonResult.Skipped => "skipped",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };

    private void RecordUse(ExchangeReport report, string client)
    {
        foreach (var attempt in report.Attempts)
        {
            var tags = new TagList { { "client", client }, { "route", report.Route.Value }, { "model", attempt.Model.Id.Value } };
            if (attempt.Cost is { } cost)
            {
                _clientCost.Add((double)cost, tags);
            }

            if (attempt.Usage is { } usage)
            {
                _clientTokens.Add(usage.InputTokens + usage.OutputTokens, tags);
            }
        }
    }

    private static IEnumerable<Measurement<double>> Budgets(BudgetLedger ledger) =>
        from account in ledger.Accounts
        let tags = new TagList { { "owner", account.Owner }, { "per", account.Per == BudgetPeriod.Day ? "day" : "month" }, { "unit", account.Unit == BudgetUnit.Tokens ? "tokens" : "usd" } }
        select new Measurement<double>(account.Used, tags);

    private static IEnumerable<Measurement<long>> Sizes(ResponseCaches caches) =>
        caches.Sizes.Select(static cache => new Measurement<long>(cache.Bytes, new KeyValuePair<string, object?>("route", cache.Route.Value)));

    private IEnumerable<Measurement<int>> Breakers()
    {
        foreach (var route in _feed.Current.Routes.Values)
        {
            if (route.Split is { } split)
            {
                yield return new Measurement<int>(
                    _exchanges.BreakerOf(split).IsOpen ? 1 : 0,
                    new KeyValuePair<string, object?>("route", route.Id.Value), new KeyValuePair<string, object?>("model", split.Target.Id.Value));
            }
        }
    }

    private IEnumerable<Measurement<int>> ModelBreakers() =>
        from model in _feed.Current.Routes.Values.SelectMany(route => route.Models).DistinctBy(model => model.Id)
        select new Measurement<int>(model.Calls.Min(call => (int)_exchanges.BreakerOf(call).State), new KeyValuePair<string, object?>("model", model.Id.Value));

    private IEnumerable<Measurement<double>> ErrorRates() => Windows(static window => window.ErrorRate());

    private IEnumerable<Measurement<double>> Latencies() => Windows(static window => window.P99());

    private IEnumerable<Measurement<double>> Windows(Func<ModelWindow, double?> read)
    {
        foreach (var (model, window) in _windows)
        {
            if (read(window) is { } value)
            {
                yield return new Measurement<double>(value, new KeyValuePair<string, object?>("model", model.Value));
            }
        }
    }
}
