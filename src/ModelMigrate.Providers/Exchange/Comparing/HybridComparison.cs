using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Checks;
using ModelMigrate.Core.Routing;
using ModelMigrate.Providers.Exchange.Answers;
using ModelMigrate.Providers.Exchange.Attempts;
using ModelMigrate.Providers.Exchange.Tracing;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.Exchange.Comparing;

/// <summary>
/// Asks the source what the target of a hybrid migration has answered, once its client has the answer, and compares. It runs beside the requests,
/// a few at once; what is beyond is skipped and counted. Ends with its owner, the runner.
/// </summary>
internal sealed class HybridComparison : IDisposable
{
    /// <summary>Comparisons at once.</summary>
    public const int Most = 32;

    private readonly ExchangeRunner _shared;
    private readonly CancellationTokenSource _stopped = new();
    private readonly CancellationToken _stop;
    private int _running;

    public HybridComparison(ExchangeRunner shared) => (_shared, _stop) = (shared, _stopped.Token);

    /// <summary>Called after each comparison, on any thread.</summary>
    public Action<ComparisonReport>? Compared { get; set; }

    public void TargetFailed(RouteId route) => Compared?.Invoke(new ComparisonReport(route, ComparisonResult.TargetFailed, Source: null));

    /// <summary>Begins a comparison; <paramref name="request"/> need not outlive this call.</summary>
    /// <param name="request">What the target was asked.</param>
    /// <param name="assignment">That sent it there.</param>
    /// <param name="reader">Reads it into the neutral language; null when the source takes the bytes as they are.</param>
    /// <param name="answer">What the target said, or null when it was too long to be compared, or the source cannot be asked.</param>
    public void Begin(ExchangeRequest request, Assignment assignment, ExchangeClient? reader, CheckedAnswer? answer)
    {
        if (answer is not { } said || Interlocked.Increment(ref _running) > Most)
        {
            Skip(request.Route.Id, hasBegun: answer is not null);
            return;
        }

        var body = new PooledBytes(request.Body.Bytes.Length);
        body.Append(request.Body.Bytes.Span);
        ChatRequest? translated = null;
        if (reader?.TryTranslate(body.Memory, out translated, out _) == false)
        {
            body.Dispose();
            Skip(request.Route.Id, hasBegun: true);
            return;
        }

        translated = translated?.WithOrigin(request.Body.RawFamily(request.Route.Source));
        _ = RunAsync(request with { Body = request.Body with { Bytes = body.Memory }, Headers = [.. request.Headers] }, body, assignment, translated, said);
    }

    public void Dispose()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }

    private void Skip(RouteId route, bool hasBegun)
    {
        if (hasBegun)
        {
            Interlocked.Decrement(ref _running);
        }

        Compared?.Invoke(new ComparisonReport(route, ComparisonResult.Skipped, Source: null));
    }

    private async Task RunAsync(ExchangeRequest request, PooledBytes body, Assignment assignment, ChatRequest? translated, CheckedAnswer answer)
    {
        using var owned = body;
        await Task.Yield();
        var time = _shared.Time;
        var began = time.GetTimestamp();
        try
        {
            var called = assignment.Split!.Source.Endpoints.Count == 0 ? assignment.Split.Source : _shared.Picker.Pick(assignment.Split.Source, request, []);
            var deadline = began + (long)(request.Route.Limits.Total.TotalSeconds * time.TimestampFrequency);
            using var heard = new CheckedClient(new SilentClient());
            using var scope = new AttemptScope(time, deadline, CancellationToken.None, _stop, CancellationToken.None);
            var attempt = new Attempt
            {
                Endpoint = _shared.Endpoints.For(called), Request = request, Client = heard, Assignment = assignment, Scope = scope, Time = time, Translated = translated,
                Span = AttemptSpan.Begin(request.Span, AttemptRole.Compare, called, request.Body.Operation),
            };
            AttemptResult? result = null;
            try
            {
                result = translated is null ? await new NativeAttempt(attempt).RunAsync() : await new TranslatedAttempt(attempt, translated).RunAsync();
            }
            finally
            {
                AttemptSpan.End(attempt, result, began);
            }

            var call = new AttemptReport(called, AttemptRole.Compare, result.Outcome, time.GetElapsedTime(began), FirstToken: null, result.Usage);
            var other = result.IsOk ? heard.Read(request.Body, called) : null;
            Compared?.Invoke(new ComparisonReport(request.Route.Id, Compare(result, answer, other), call));
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private static ComparisonResult Compare(AttemptResult result, CheckedAnswer target, CheckedAnswer? source) =>
        !result.IsOk ? ComparisonResult.SourceFailed
        : source is not { } other ? ComparisonResult.Skipped
        : target == other ? ComparisonResult.Same
        : ComparisonResult.Different;
}
