using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Gateway.Ingress;
using ModelMigrate.Linting;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Comparing;

/// <summary>Asks both models every prompt, over the exchange that carries live requests; nobody but these two is asked, and each once.</summary>
internal sealed class CompatRun : IDisposable
{
    /// <summary>What an answer is reckoned at when neither the prompt nor the catalog bounds it, in tokens.</summary>
    private const int UsualAnswer = 4096;

    private const int CharactersPerToken = 4;
    private const int ShownPrompt = 80;

    private readonly CompatOptions _options;
    private readonly RouteSnapshot _source;
    private readonly RouteSnapshot _target;
    private readonly RoutingSnapshot _snapshot;
    private readonly ProviderConnections _connections;
    private readonly ExchangeRunner _exchanges;
    private readonly CostLimit _limit;

    public CompatRun(CompatOptions options, RouteSnapshot route, ModelSnapshot target, TimeProvider time)
    {
        (_options, _limit) = (options, new CostLimit(options.MaxCost));
        _source = Alone(route, route.Model);
        _target = Alone(route, target);
        _snapshot = RoutingSnapshot.Empty with { Routes = new Dictionary<string, RouteSnapshot>(StringComparer.Ordinal) { [route.Id.Value] = _source }.ToFrozenDictionary(StringComparer.Ordinal) };
        _connections = new ProviderConnections(time);
        _exchanges = new ExchangeRunner(new SnapshotFeed(time), new ObservationStream(time), _connections, time, seed: 1);
    }

    /// <summary>Asks them, so many at once as the options say. <paramref name="progress"/> hears of prompts that are through.</summary>
    public async Task<CompatReport> RunAsync(IReadOnlyList<RequestLine> lines, Action<int>? progress, CancellationToken cancel)
    {
        var through = 0;
        var asked = new CompatPrompt?[lines.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancel };
        await Parallel.ForAsync(0, lines.Count, options, async (i, stop) =>
        {
            asked[i] = await AskAsync(lines[i], stop);
            progress?.Invoke(Interlocked.Increment(ref through));
        });
        cancel.ThrowIfCancellationRequested();
        List<CompatPrompt> prompts = [.. asked.OfType<CompatPrompt>()];
        return new CompatReport(
            _source.Id.Value, lines.Count, prompts,
            CompatArm.Of(_source.Model.Id.Value, [.. prompts.Select(prompt => prompt.Source)]), CompatArm.Of(_target.Model.Id.Value, [.. prompts.Select(prompt => prompt.Target)]),
            prompts.Count(prompt => prompt.Source.IsFine && !prompt.Target.IsFine), prompts.Count(prompt => prompt.Target.IsFine && !prompt.Source.IsFine), _limit.IsReached);
    }

    public void Dispose()
    {
        _exchanges.Dispose();
        _connections.Dispose();
    }

    /// <summary>A route that has this model and no other: no second try, no rescue, nothing kept from before.</summary>
    private static RouteSnapshot Alone(RouteSnapshot route, ModelSnapshot model) => new()
    {
        Id = route.Id, Model = model, Limits = route.Limits with { Retries = 0 }, Changes = route.Changes, Checks = route.Checks,
    };

    /// <summary>Null when the limit leaves no room for it. One after the other, so that neither waits for the other's place.</summary>
    private async Task<CompatPrompt?> AskAsync(RequestLine line, CancellationToken cancel)
    {
        if (!GivenRequest.TryRead(line.Path, JsonSerializer.SerializeToUtf8Bytes(line.Body), out var request, out var problem))
        {
            throw new InvalidOperationException(problem);
        }

        var most = Most(request, _source.Model) + Most(request, _target.Model);
        if (!_limit.TryReserve(most))
        {
            return null;
        }

        var source = await AskAsync(request, _source, cancel);
        var target = await AskAsync(request, _target, cancel);
        _limit.Settle(most, Paid(source, request, _source.Model) + Paid(target, request, _target.Model));
        return new CompatPrompt(line.Number, source, target, _options.ShowPrompts ? Beginning(request) : null);
    }

    private async Task<CompatAnswer> AskAsync(GivenRequest request, RouteSnapshot route, CancellationToken cancel)
    {
        var client = new SilentClient(request);
        var report = await _exchanges.RunAsync(
            new ExchangeRequest { Snapshot = _snapshot, Route = route, Key = ReadOnlyMemory<byte>.Empty, Body = request.Body }, client, cancel, CancellationToken.None);
        return CompatAnswer.Of(report, client, _options.ShowPrompts);
    }

    /// <summary>The most that an answer may cost: the whole body as prompt, and the longest answers.</summary>
    private static decimal Most(GivenRequest request, ModelSnapshot model)
    {
        var longest = request.Translate().Request?.MaxTokens ?? model.MaxOutputTokens ?? UsualAnswer;
        return model.Cost(request.Body.Bytes.Length / CharactersPerToken + 1, (long)longest * request.Body.Choices) ?? 0;
    }

    /// <summary>A call that failed without usage is free; an answer without usage is reckoned at its most.</summary>
    private static decimal Paid(CompatAnswer answer, GivenRequest request, ModelSnapshot model) => answer.Cost ?? (answer.Error is null ? Most(request, model) : 0);

    private static string Beginning(GivenRequest request)
    {
        var text = Encoding.UTF8.GetString(request.Body.FirstUser.Span).ReplaceLineEndings(" ");
        return text.Length <= ShownPrompt ? text : text[..ShownPrompt] + "…";
    }
}
