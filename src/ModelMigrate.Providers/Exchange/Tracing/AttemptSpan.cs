using System.Diagnostics;
using System.Globalization;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange.Attempts;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Providers.Exchange.Tracing;

/// <summary>
/// The span of one call of a model, below its request's. It is made of the request's own source, so that nothing is made where the request
/// has no span: tracing is off, or this request is not sampled.
/// </summary>
internal static class AttemptSpan
{
    private const string TraceParent = "traceparent", TraceState = "tracestate";

    /// <summary>Begins the span of a call; null when none is made.</summary>
    public static Activity? Begin(Activity? request, AttemptRole role, ModelSnapshot called, Operation operation)
    {
        var span = Begin(request, SpanWords.Of(operation), called);
        span?.SetTag(SpanTags.Role, SpanWords.Of(role));
        return span;
    }

    /// <summary>Begins the span of what is asked of a model's provider, whatever it is.</summary>
    public static Activity? Begin(Activity? request, string operation, ModelSnapshot called)
    {
        if (request is not { IsAllDataRequested: true }
            || request.Source.StartActivity($"{operation} {called.Name}", ActivityKind.Client, request.Context) is not { } span)
        {
            return null;
        }

        var provider = called.Provider;
        span.SetTag(SpanTags.Operation, operation).SetTag(SpanTags.ProviderName, SpanWords.Of(provider)).SetTag(SpanTags.RequestModel, called.Name)
            .SetTag(SpanTags.Address, provider.BaseUrl.Host).SetTag(SpanTags.Port, provider.BaseUrl.Port)
            .SetTag(SpanTags.Model, called.Id.Value).SetTag(SpanTags.Provider, provider.Id.Value);
        return span;
    }

    /// <summary>The headers that go with a call: the client's, its trace context replaced by the span's; untouched where there is no span.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Carry(Activity? span, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        if (span?.Id is not { } id)
        {
            return headers;
        }

        var carried = new List<KeyValuePair<string, string>>(headers.Count + 2) { new(TraceParent, id) };
        if (span.TraceStateString is { Length: > 0 } state)
        {
            carried.Add(new(TraceState, state));
        }

        carried.AddRange(headers.Where(static header =>
            !header.Key.Equals(TraceParent, StringComparison.OrdinalIgnoreCase) && !header.Key.Equals(TraceState, StringComparison.OrdinalIgnoreCase)));
        return carried;
    }

    /// <summary>Ends the span of a call that <paramref name="began"/> at a timestamp; <paramref name="result"/> is null when a bug ended it.</summary>
    public static void End(Attempt attempt, AttemptResult? result, long began)
    {
        if (attempt.Span is not { } span)
        {
            return;
        }

        using (span)
        {
            // Also what was dropped of a stream after its headers had left.
            Add(span, SpanTags.Changes, attempt.Changes.IsEmpty ? null : attempt.Changes.Lines());
            Add(span, SpanTags.Untranslatable, attempt.Untranslatable);
            if (result is null)
            {
                Fail(span, "bug");
                return;
            }

            span.SetTag(SpanTags.Outcome, SpanWords.Of(result.Outcome));
            Add(span, SpanTags.ResponseModel, result.ModelVersion);
            Add(span, SpanTags.FinishReasons, result.Finish is { } finish ? new[] { SpanWords.Of(finish) } : null);
            Add(span, SpanTags.FirstContent, result.FirstContent is { } at ? attempt.Time.GetElapsedTime(began, at).TotalSeconds : null);
            if (result.Usage is { } usage)
            {
                span.SetTag(SpanTags.InputTokens, usage.InputTokens).SetTag(SpanTags.OutputTokens, usage.OutputTokens);
                Add(span, SpanTags.Cost, (double?)attempt.Endpoint.Model.Cost(usage.InputTokens, usage.OutputTokens));
            }

            if (result.Error is { } error)
            {
                Fail(span, SpanWords.Of(error));
            }
        }
    }

    /// <summary>Notes what came of a call that is no attempt; its caller ends it.</summary>
    public static void Answered(Activity? span, int? status, ChatError? error)
    {
        if (span is null)
        {
            return;
        }

        Add(span, SpanTags.Status, status);
        if (error is not null || status >= 400)
        {
            Fail(span, error is not null ? SpanWords.Of(error) : status!.Value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Notes that a call failed, by a word.</summary>
    private static void Fail(Activity span, string type) => span.SetTag(SpanTags.Error, type).SetStatus(ActivityStatusCode.Error);

    private static void Add(Activity span, string name, object? value)
    {
        if (value is not null)
        {
            span.SetTag(name, value);
        }
    }
}
