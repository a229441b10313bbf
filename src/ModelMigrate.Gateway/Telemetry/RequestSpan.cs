using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Gateway.Caching;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Exchange.Attempts;
using ModelMigrate.Providers.Exchange.Tracing;

namespace ModelMigrate.Gateway.Telemetry;

/// <summary>The span of one client request: where it was sent, by what, and what became of it. Exists only while the request is sampled.</summary>
internal sealed class RequestSpan(Activity activity)
{
    /// <summary>Below which the spans of attempts stand.</summary>
    public Activity Activity => activity;

    /// <summary>The span of a request, or null where none is made.</summary>
    public static RequestSpan? Of(HttpContext context) => context.Features.Get<RequestSpan>();

    /// <summary>Notes what is known before any model is asked.</summary>
    public void Begin(ExchangeRequest request, string? client)
    {
        Add(SpanTags.Route, request.Route.Id.Value);
        Add(SpanTags.Revision, request.Snapshot.Revision);
        Add(SpanTags.Stream, request.Body.Stream);
        Add(SpanTags.Rule, request.Rule?.Name);
        Add(SpanTags.Client, client);
    }

    /// <summary>Notes what the request met in its route's cache; of an answer given again, also whose it is.</summary>
    public void Record(CacheVisit visit)
    {
        Add(SpanTags.Cache, visit.Word);
        if (visit.Found is { } answer)
        {
            Add(SpanTags.AnsweredBy, answer.Model.Id.Value);
            Add(SpanTags.Changes, answer.Changes is { } changes ? new[] { changes } : null);
        }
    }

    /// <summary>Notes how the exchange went.</summary>
    public void Record(ExchangeReport report)
    {
        if (report.Assignment is { } assignment)
        {
            Add(SpanTags.Arm, SpanWords.Of(assignment.Arm));
            Add(SpanTags.Migration, assignment.Split?.Migration.Value);
            Add(SpanTags.Model, assignment.Model.Id.Value);
        }

        Add(SpanTags.Outcome, SpanWords.Of(report.Outcome));
        Add(SpanTags.Rescued, report.Rescued ? true : null);
        Add(SpanTags.Resumed, report.UserError is null && report.Attempts is [.., { Role: AttemptRole.Resume }] ? true : null);
        Add(SpanTags.AnsweredBy, report.AnsweredBy?.Value);
        Add(SpanTags.Attempts, report.Attempts.Count);
        Add(SpanTags.Cost, report.Attempts.Any(static attempt => attempt.Cost is not null) ? (double)report.Attempts.Sum(static attempt => attempt.Cost ?? 0) : null);
        var failed = report.Checks.Where(static check => !check.Passed).ToArray();
        var faults = failed.Where(static check => check.Fault is not null).Select(static check => $"{check.Check}: {check.Fault}").ToArray();
        Add(SpanTags.FailedChecks, failed.Length == 0 ? null : failed.Select(static check => check.Check).ToArray());
        Add(SpanTags.CheckFaults, faults.Length == 0 ? null : faults);
        if (report.UserError is { } error)
        {
            // Also of a stream that had begun, whose status was 200.
            Refuse(SpanWords.Of(error));
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>Notes by a word why the client has no answer.</summary>
    public void Refuse(string code) => Add(SpanTags.Error, code);

    private void Add(string name, object? value)
    {
        if (value is not null)
        {
            activity.SetTag(name, value);
        }
    }
}
